import type { SeatStatus } from '../allocation/index.js';
import { z } from 'zod';
import {
  namedSchema,
  type ResponseOf,
  idField,
  IsId,
  IsOneOf,
  IsTextCount,
  Describe,
  Optional,
  pageSchema,
} from '../platform/schema/index.js';
import { PageQuery } from '../platform/http/index.js';
import { TicketResponse, PersonRequest } from '../bookings/index.js';

/** A plan of the house is drawn at once. */
export const SEATS_PER_PAGE_MAX = 10_000;

export class ListSeatsRequest extends PageQuery {
  @Describe(`${SEATS_PER_PAGE_MAX} if nothing is said.`)
  @Optional()
  @IsTextCount(SEATS_PER_PAGE_MAX)
  declare limit?: number;

  @Optional()
  @IsId()
  sectionId?: string;

  @Optional()
  @IsOneOf(['AVAILABLE', 'HELD', 'BOOKED'])
  status?: SeatStatus;
}

@Describe('Who takes a seat or gives it back.')
export class SeatPersonRequest extends PersonRequest {}

export const SeatResponse = namedSchema(
  'Seat',
  z.object({
    id: idField(),
    sectionId: idField(),
    row: z.string(),
    number: z.int().min(1),
    status: z.enum(['AVAILABLE', 'HELD', 'BOOKED']),
  }),
  'Never says whose it is.',
);
export type SeatResponse = ResponseOf<typeof SeatResponse>;

export const SeatsPage = pageSchema('SeatsPage', SeatResponse);

export const ReserveSeatResponse = namedSchema(
  'SeatReserved',
  z.object({ ticket: TicketResponse, bookingId: idField() }),
);
export type ReserveSeatResponse = ResponseOf<typeof ReserveSeatResponse>;

export const ReleaseSeatResponse = namedSchema(
  'SeatReleased',
  z.object({ ticket: TicketResponse }),
);
export type ReleaseSeatResponse = ResponseOf<typeof ReleaseSeatResponse>;
