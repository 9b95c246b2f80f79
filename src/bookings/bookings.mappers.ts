import { groupBy } from '../platform/common/index.js';
import { invalidField, type RequestContext } from '../platform/http/index.js';
import { type BookingTarget, type OutcomeOf, type CommandRequest } from '../allocation/index.js';
import type {
  BookingResponse,
  CancelBookingRequest,
  CancelBookingResponse,
  TicketResponse,
} from './bookings.dto.js';
import type { BookingRow, TicketRow } from './bookings.queries.js';
import { toBooking, toNewBooking, toPromoted, toTickets } from './outcomes.mappers.js';
import { quantityOf } from './request-fields.js';
import type { CreateBookingResponse } from './unversioned-bookings.dto.js';
import { toBooked, toWaiting } from './unversioned-bookings.mappers.js';

export function toCreateBookingResponse(
  outcome: OutcomeOf<'booked' | 'waitlisted'>,
): CreateBookingResponse {
  if (outcome.kind === 'waitlisted') return toWaiting(outcome);
  return { ...toBooked(outcome), booking: toNewBooking(outcome) };
}

export function targetOf(body: CancelBookingRequest): BookingTarget {
  const { ticketIds } = body;
  const quantity = quantityOf(body);
  if (ticketIds === undefined) {
    return quantity === undefined ? { by: 'all' } : { by: 'newest', quantity };
  }
  if (quantity !== undefined) throw invalidField('/ticketIds', 'cannot be combined with quantity');
  return { by: 'tickets', ticketIds: ticketIds.map((id) => id.toLowerCase()) };
}

export const toCancelBookingCommand = (
  { id, sectionId }: BookingRow,
  target: BookingTarget,
  context: RequestContext,
): CommandRequest => ({
  idempotencyKey: context.idempotencyKey,
  actor: context.actor,
  kind: 'cancelBooking',
  sectionId,
  bookingId: id,
  target,
});

/**
 * The booking as the command left it: its constant fields were read before, the others are in the
 * outcome. A read after the commit could fail, and a replay would return something else.
 */
export function toCancelBookingResponse(
  row: BookingRow,
  outcome: OutcomeOf<'cancelled'>,
): CancelBookingResponse {
  const { rest } = outcome;
  if (rest === undefined)
    throw new Error('The outcome of cancelling a booking by its id lacks its remaining tickets');
  const quantity = rest.tickets.length;
  const now: BookingRow = {
    ...row,
    quantity,
    status: quantity > 0 ? 'CONFIRMED' : 'CANCELLED',
    cancelledAt: quantity > 0 ? null : rest.at,
  };
  return {
    booking: toBooking(now, toTickets(row, rest.tickets)),
    tickets: toTickets(outcome, outcome.tickets, 'CANCELLED'),
    ...toPromoted(outcome),
  };
}

/** Bookings with their tickets. */
export function toBookings(
  rows: readonly BookingRow[],
  tickets: readonly TicketRow[],
): BookingResponse[] {
  const byBooking = groupBy(tickets, ({ bookingId }) => bookingId);
  return rows.map((row) => {
    const own = byBooking.get(row.id) ?? [];
    return toBooking(
      row,
      own.map((ticket) => toTicket(row, ticket)),
    );
  });
}

function toTicket({ eventId, userId }: BookingRow, ticket: TicketRow): TicketResponse {
  const { id, status, seatId, row, number } = ticket;
  const plain = { id, eventId, userId, status };
  if (seatId === null || row === null || number === null) return plain;
  return { ...plain, seatId, seat: { id: seatId, row, number } };
}
