import { z } from 'zod';
import {
  namedSchema,
  type ResponseOf,
  countField,
  idField,
  IsCount,
  IsId,
  IsOneOf,
  IsTextCount,
  Describe,
  Optional,
  pageSchema,
  timeField,
} from '../platform/schema/index.js';
import { PageQuery } from '../platform/http/index.js';
import type { BookingStatus } from './booking.entity.js';
import { IsIdentifier, IsIds, QUANTITY_MAX } from './request-fields.js';

/** How deep a list may be entered by page number: each of them reads all that stand before it. */
export const ROWS_BEFORE_MAX = 10_000;

export class ListBookingsRequest extends PageQuery {
  @Optional()
  @IsId()
  eventId?: string;

  @Optional()
  @IsIdentifier()
  identifier?: string;

  @Describe('Another name for `identifier`.')
  @Optional()
  @IsIdentifier()
  userId?: string;

  @Describe('Only together with an event or a person.')
  @Optional()
  @IsOneOf(['CONFIRMED', 'CANCELLED'])
  status?: BookingStatus;

  @Describe('From 1; stands instead of `cursor`.')
  @Optional()
  @IsTextCount(ROWS_BEFORE_MAX)
  page?: number;
}

@Describe('Which tickets of a booking; all, if nothing is said.')
export class CancelBookingRequest {
  @Optional()
  @IsIds('tickets')
  ticketIds?: string[];

  @Optional()
  @IsCount(QUANTITY_MAX)
  quantity?: number;

  @Describe('Another name for `quantity`.')
  @Optional()
  @IsCount(QUANTITY_MAX)
  qty?: number;
}

export const TicketResponse = namedSchema(
  'Ticket',
  z.object({
    id: idField(),
    eventId: idField(),
    userId: idField().describe('The id that the service gave the person, never an identifier.'),
    status: z.enum(['BOOKED', 'CANCELLED']),
    seatId: idField().exactOptional().describe('In a section with seats.'),
    seat: z
      .object({ id: idField(), row: z.string(), number: z.int().min(1) })
      .exactOptional()
      .describe('The same with its place in the house, where tickets are read.'),
  }),
);
export type TicketResponse = ResponseOf<typeof TicketResponse>;

export const BookingResponse = namedSchema(
  'Booking',
  z.object({
    id: idField(),
    eventId: idField(),
    sectionId: idField(),
    userId: idField(),
    quantity: countField().describe('Places it holds now; 0 once it is cancelled.'),
    status: z.enum(['CONFIRMED', 'CANCELLED']),
    tickets: z.array(TicketResponse),
    createdAt: timeField(),
    cancelledAt: timeField().exactOptional(),
    holdId: idField().exactOptional().describe('The hold that it was, if it was one.'),
    waitlistEntryId: idField()
      .exactOptional()
      .describe('The entry of the line that it was, if it was one.'),
  }),
);
export type BookingResponse = ResponseOf<typeof BookingResponse>;

export const BookingsPage = pageSchema('BookingsPage', BookingResponse);

export const BookingMadeResponse = namedSchema(
  'BookingMade',
  z.object({ booking: BookingResponse }),
);
export type BookingMadeResponse = ResponseOf<typeof BookingMadeResponse>;

export const CancelBookingResponse = namedSchema(
  'CancelledTickets',
  z.object({
    booking: BookingResponse.describe(
      'As it is after the cancellation, with the tickets that it still holds.',
    ),
    tickets: z.array(TicketResponse).describe('Those that were cancelled.'),
  }),
);
export type CancelBookingResponse = ResponseOf<typeof CancelBookingResponse>;
