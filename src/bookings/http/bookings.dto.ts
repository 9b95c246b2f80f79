import { IsCount, IsId, IsOneOf, IsTextCount, Optional, PageQuery } from '../../platform/index.js';
import type { BookingStatus } from '../storage/booking.entity.js';
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

  /** Another name for `identifier`. */
  @Optional()
  @IsIdentifier()
  userId?: string;

  /** Only together with an event or a person. */
  @Optional()
  @IsOneOf(['CONFIRMED', 'CANCELLED'])
  status?: BookingStatus;

  /** From 1; stands instead of `cursor`. */
  @Optional()
  @IsTextCount(ROWS_BEFORE_MAX)
  page?: number;
}

/** Which tickets of a booking; all, if nothing is said. */
export class CancelBookingRequest {
  @Optional()
  @IsIds('tickets')
  ticketIds?: string[];

  @Optional()
  @IsCount(QUANTITY_MAX)
  quantity?: number;

  /** Another name for `quantity`. */
  @Optional()
  @IsCount(QUANTITY_MAX)
  qty?: number;
}

export interface TicketResponse {
  readonly id: string;
  readonly eventId: string;
  readonly userId: string;
  readonly status: 'BOOKED' | 'CANCELLED';
  /** In a section with seats. */
  readonly seatId?: string;
  /** The same with its place in the house, where tickets are read. */
  readonly seat?: { readonly id: string; readonly row: string; readonly number: number };
}

export interface BookingResponse {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  /** Places it holds now; 0 once it is cancelled. */
  readonly quantity: number;
  readonly status: BookingStatus;
  readonly tickets: readonly TicketResponse[];
  readonly createdAt: string;
  readonly cancelledAt?: string;
  readonly holdId?: string;
  readonly waitlistEntryId?: string;
}

export interface CancelBookingResponse {
  /** As it is after the cancellation, with the tickets that it still holds. */
  readonly booking: BookingResponse;
  /** Those that were cancelled. */
  readonly tickets: readonly TicketResponse[];
}
