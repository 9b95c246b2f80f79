import { z } from 'zod';
import {
  namedSchema,
  type ResponseOf,
  idField,
  IsCount,
  IsId,
  IsOneOf,
  Describe,
  Optional,
} from '../platform/schema/index.js';
import type { OnSoldOut } from '../allocation/index.js';
import { BookingResponse, TicketResponse } from './bookings.dto.js';
import { IsIds, PersonAtEvent, QUANTITY_MAX } from './request-fields.js';

export class BookRequest extends PersonAtEvent {
  @Optional()
  @IsCount(QUANTITY_MAX)
  quantity?: number;

  @Describe('Another name for `quantity`.')
  @Optional()
  @IsCount(QUANTITY_MAX)
  qty?: number;

  @Describe('Whether to join the line if the places are not free: `wait` if nothing is said.')
  @Optional()
  @IsOneOf(['wait', 'refuse'])
  onSoldOut?: OnSoldOut;

  @Describe('Chosen seats instead of a quantity: who chooses does not wait for them.')
  @Optional()
  @IsIds('seats')
  seatIds?: string[];
}

export class CancelRequest extends PersonAtEvent {
  @Optional()
  @IsCount(QUANTITY_MAX)
  quantity?: number;

  @Describe('Another name for `quantity`.')
  @Optional()
  @IsCount(QUANTITY_MAX)
  qty?: number;

  @Describe('Exactly these; stands alone.')
  @Optional()
  @IsIds('tickets')
  ticketIds?: string[];

  @Describe('The whole booking, or `quantity` of its tickets.')
  @Optional()
  @IsId()
  bookingId?: string;
}

const WaitingEntryResponse = namedSchema(
  'WaitingEntry',
  z.object({
    id: idField(),
    eventId: idField(),
    userId: idField(),
    quantity: z.int().min(1),
    position: z
      .int()
      .min(1)
      .nullable()
      .describe('1 for the head of the line; null once the entry waits no more.'),
    status: z
      .enum(['WAITING', 'LEFT', 'DECLINED'])
      .describe('DECLINED: it had been offered places.'),
  }),
);

const Booked = z.object({
  waitlisted: z.literal(false),
  bookingId: idField(),
  tickets: z.array(TicketResponse),
});
const Waiting = z.object({ waitlisted: z.literal(true), waitingEntry: WaitingEntryResponse });

export const BookResponse = namedSchema(
  'BookedOrWaiting',
  z.discriminatedUnion('waitlisted', [Booked, Waiting]),
);
export type BookResponse = ResponseOf<typeof BookResponse>;

export const CreateBookingResponse = namedSchema(
  'BookingOrWaiting',
  z.discriminatedUnion('waitlisted', [Booked.extend({ booking: BookingResponse }), Waiting]),
  'The answer of /book, and the booking itself, if there is one.',
);
export type CreateBookingResponse = ResponseOf<typeof CreateBookingResponse>;

export const CancelResponse = namedSchema(
  'CancelledOrLeft',
  z.union([
    z.object({ ticket: TicketResponse, tickets: z.array(TicketResponse) }),
    z.object({ waitingEntry: WaitingEntryResponse }),
  ]),
);
export type CancelResponse = ResponseOf<typeof CancelResponse>;
