import {
  type Booking,
  type Outcome,
  type OutcomeOf,
  type PrintedTicket,
  type Promotion,
  type CommandResult,
  priceOfPlaces,
  refusalError,
} from '../allocation/index.js';
import { Replayable } from '../platform/idempotency/index.js';
import type {
  BookingMadeResponse,
  BookingResponse,
  PromotedResponse,
  TicketResponse,
  WithPromoted,
} from './bookings.dto.js';
import type { BookingRow } from './bookings.queries.js';

/**
 * The outcome of a command, which must be of one of these kinds.
 *
 * @throws {DomainError} if the command was refused
 */
export function expectOutcome<Kind extends Outcome['kind']>(
  { outcome, isReplay }: CommandResult,
  ...kinds: readonly Kind[]
): Replayable<OutcomeOf<Kind>> {
  if (outcome.kind === 'refused') throw refusalError(outcome.refusal, isReplay);
  const isExpected = (kinds as readonly string[]).includes(outcome.kind);
  if (!isExpected) throw new Error(`This command cannot end as "${outcome.kind}"`);
  return new Replayable(outcome as OutcomeOf<Kind>, isReplay);
}

/** The code of the refusal, if it is one. */
export const refusalCodeOf = ({ outcome }: CommandResult): string | undefined =>
  outcome.kind === 'refused' ? outcome.refusal.code : undefined;

export const toTickets = (
  { eventId, userId }: { readonly eventId: string; readonly userId: string },
  printed: readonly PrintedTicket[],
  status: TicketResponse['status'] = 'BOOKED',
): TicketResponse[] =>
  printed.map(({ id, seatId, seat }) => {
    const place = seatId === null ? {} : { seatId, ...(seat && { seat }) };
    return { id, eventId, userId, status, ...place };
  });

/** What the freed places became for the person who cancelled. */
export function toPromoted(outcome: OutcomeOf<'cancelled'>): Pick<WithPromoted, 'promoted'> {
  const { promoted } = outcome;
  return promoted === undefined
    ? {}
    : { promoted: promoted.map((one) => toPromotion(outcome, one)) };
}

function toPromotion(owner: OutcomeOf<'cancelled'>, promotion: Promotion): PromotedResponse {
  const { entryId: waitlistEntryId, quantity, price } = promotion;
  const entry = { waitlistEntryId, quantity, price: priceOfPlaces(price, quantity) };
  if ('holdId' in promotion) {
    const { holdId, expiresAt } = promotion;
    return { ...entry, offer: { holdId, expiresAt } };
  }
  const { bookingId, tickets } = promotion;
  return { ...entry, bookingId, tickets: toTickets(owner, tickets) };
}

export const toIso = (time: Date): string => time.toISOString();

export const bookingPath = (id: string): string => `/v1/bookings/${id}`;

export const toNewBooking = ({ booking, tickets }: OutcomeOf<'booked'>): BookingResponse =>
  toBooking({ ...booking, status: 'CONFIRMED', cancelledAt: null }, toTickets(booking, tickets));

/** The booking that a hold or an offer became. */
export const toBookingMade = (result: CommandResult): Replayable<BookingMadeResponse> =>
  expectOutcome(result, 'booked').map((outcome) => ({ booking: toNewBooking(outcome) }));

/** A booking as it was read, or as a command left it. */
export function toBooking(
  booking: Booking & Pick<BookingRow, 'status' | 'cancelledAt'>,
  tickets: readonly TicketResponse[],
): BookingResponse {
  const { id, eventId, sectionId, userId, quantity, status, createdAt, cancelledAt } = booking;
  const { price, holdId, waitlistEntryId } = booking;
  return {
    id,
    eventId,
    sectionId,
    userId,
    quantity,
    status,
    price: priceOfPlaces(price, quantity),
    tickets,
    createdAt: toIso(createdAt),
    ...(cancelledAt !== null && { cancelledAt: toIso(cancelledAt) }),
    ...(holdId !== null && { holdId }),
    ...(waitlistEntryId !== null && { waitlistEntryId }),
  };
}
