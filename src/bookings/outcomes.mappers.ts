import {
  type Booking,
  type Outcome,
  type OutcomeOf,
  type PrintedTicket,
  type CommandResult,
  refusalError,
} from '../allocation/index.js';
import type { BookingResponse, TicketResponse } from './bookings.dto.js';
import type { BookingRow } from './bookings.queries.js';

/**
 * What a command came to, if it came to one of these.
 *
 * @throws {DomainError} if it was refused
 */
export function expectOutcome<Kind extends Outcome['kind']>(
  { outcome, isReplay }: CommandResult,
  ...kinds: readonly Kind[]
): OutcomeOf<Kind> {
  if (outcome.kind === 'refused') throw refusalError(outcome.refusal, isReplay);
  const isExpected = (kinds as readonly string[]).includes(outcome.kind);
  if (!isExpected) throw new Error(`This command cannot end as "${outcome.kind}"`);
  return outcome as OutcomeOf<Kind>;
}

/** The code of the refusal, if it is one. */
export const refusalCodeOf = ({ outcome }: CommandResult): string | undefined =>
  outcome.kind === 'refused' ? outcome.refusal.code : undefined;

export const toTickets = (
  { eventId, userId }: { readonly eventId: string; readonly userId: string },
  printed: readonly PrintedTicket[],
  status: TicketResponse['status'] = 'BOOKED',
): TicketResponse[] =>
  printed.map(({ id, seatId }) => {
    return { id, eventId, userId, status, ...(seatId !== null && { seatId }) };
  });

/** A remembered outcome has been text, and so have its times. */
export const toIso = (time: Date | string): string => new Date(time).toISOString();

export const toNewBooking = ({ booking, tickets }: OutcomeOf<'booked'>): BookingResponse =>
  toBooking({ ...booking, status: 'CONFIRMED', cancelledAt: null }, toTickets(booking, tickets));

/** A booking as it was read, or as a command has left it. */
export function toBooking(
  booking: Booking & Pick<BookingRow, 'status' | 'cancelledAt'>,
  tickets: readonly TicketResponse[],
): BookingResponse {
  const { id, eventId, sectionId, userId, quantity, status, createdAt, cancelledAt } = booking;
  const { holdId, waitlistEntryId } = booking;
  return {
    id,
    eventId,
    sectionId,
    userId,
    quantity,
    status,
    tickets,
    createdAt: toIso(createdAt),
    ...(cancelledAt !== null && { cancelledAt: toIso(cancelledAt) }),
    ...(holdId !== null && { holdId }),
    ...(waitlistEntryId !== null && { waitlistEntryId }),
  };
}
