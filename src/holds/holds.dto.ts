import { z } from 'zod';
import {
  namedSchema,
  type ResponseOf,
  countField,
  idField,
  IsCount,
  Describe,
  Optional,
  timeField,
} from '../platform/schema/index.js';
import { IsIds, PersonAtEvent, QUANTITY_MAX } from '../bookings/index.js';

export const TTL_SECONDS_DEFAULT = 600;
const TTL_SECONDS_MAX = 86_400;

export class HoldRequest extends PersonAtEvent {
  @Optional()
  @IsCount(QUANTITY_MAX)
  quantity?: number;

  @Describe('Another name for `quantity`.')
  @Optional()
  @IsCount(QUANTITY_MAX)
  qty?: number;

  @Optional()
  @IsIds('seats')
  seatIds?: string[];

  @Describe(`How long they are kept; ${TTL_SECONDS_DEFAULT} if nothing is said.`)
  @Optional()
  @IsCount(TTL_SECONDS_MAX)
  ttlSeconds?: number;
}

export const HoldResponse = namedSchema(
  'Hold',
  z.object({
    id: idField(),
    eventId: idField(),
    sectionId: idField(),
    userId: idField(),
    quantity: countField(),
    seatIds: z
      .array(idField())
      .exactOptional()
      .describe('While it is HELD, in a section with seats.'),
    status: z.enum(['HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED']),
    expiresAt: timeField().describe('From this moment on it is over.'),
    createdAt: timeField(),
    waitlistEntryId: idField()
      .exactOptional()
      .describe('The entry of the line that it is an offer to, if it is one.'),
  }),
);
export type HoldResponse = ResponseOf<typeof HoldResponse>;
