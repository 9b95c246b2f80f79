import { z } from 'zod';
import {
  namedSchema,
  type ResponseOf,
  idField,
  IsId,
  Describe,
  Optional,
  pageSchema,
  timeField,
} from '../platform/schema/index.js';
import { PageQuery } from '../platform/http/index.js';
import { IsIdentifier } from '../bookings/index.js';

export class ListEntriesRequest extends PageQuery {
  @IsId()
  eventId!: string;

  @Optional()
  @IsId()
  sectionId?: string;

  @Optional()
  @IsIdentifier()
  identifier?: string;

  @Describe('Another name for `identifier`.')
  @Optional()
  @IsIdentifier()
  userId?: string;
}

export const EntryResponse = namedSchema(
  'WaitlistEntry',
  z.object({
    id: idField(),
    eventId: idField(),
    sectionId: idField(),
    userId: idField(),
    quantity: z.int().min(1),
    status: z.enum(['WAITING', 'OFFERED', 'PROMOTED', 'LEFT', 'DECLINED', 'EXPIRED', 'VOIDED']),
    position: z
      .int()
      .min(1)
      .nullable()
      .describe("1 for the head of the section's line; null unless it is WAITING."),
    createdAt: timeField(),
    endedAt: timeField().nullable(),
    offer: z
      .object({ holdId: idField(), expiresAt: timeField() })
      .nullable()
      .describe('While it is OFFERED: the hold that keeps the places, and when it is over.'),
    bookingId: idField().nullable().describe('What a PROMOTED entry has become.'),
  }),
);
export type EntryResponse = ResponseOf<typeof EntryResponse>;

export const EntriesPage = pageSchema('WaitlistPage', EntryResponse);

export const DeclineOfferResponse = namedSchema(
  'OfferDeclined',
  z.object({ waitingEntry: EntryResponse }),
);
export type DeclineOfferResponse = ResponseOf<typeof DeclineOfferResponse>;
