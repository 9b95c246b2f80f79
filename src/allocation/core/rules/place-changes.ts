import type { EntryEnd } from '../waitlist/waitlist-entry.js';
import type { PlacesWanted } from '../commands.js';
import { emit, rowBasis, type SectionState } from '../section-state.js';
import { CountersError } from '../state/counters-error.js';
import type { Hold } from '../state/holds.js';
import { type Price, priceOfPlaces } from '../state/price.js';
import type { Booking, Ticket } from '../state/section-bookings.js';
import type { Booked, PrintedTicket } from '../outcomes.js';

/** Gets places. The caller has checked that these are free and that it is this person's turn. */
export type Recipient = Pick<PlacesWanted, 'userId' | 'quantity' | 'seatIds'> & {
  /** The entry being promoted, whose places already count for the person. */
  readonly waitlistEntryId: string | null;
};

/** Free places become a booking. */
export function bookAvailable(state: SectionState, recipient: Recipient): Booked {
  const { userId, quantity, waitlistEntryId } = recipient;
  const seatIds = seatsFor(state, recipient);
  state.section.book(quantity);
  state.seats.book(seatIds);
  if (waitlistEntryId === null) state.allocations.add(userId, quantity);
  const { price } = state.section.row;
  return addBooking(state, { userId, quantity, price, waitlistEntryId, holdId: null }, seatIds);
}

/** Free places become a hold. */
export function holdAvailable(state: SectionState, recipient: Recipient, ttlSeconds: number): Hold {
  const { userId, quantity, waitlistEntryId } = recipient;
  const id = state.context.newId();
  const expiresAt = new Date(state.context.now.getTime() + ttlSeconds * 1000);
  // By position, because the rows do not store the order of the request.
  const seatIds = state.seats.inOrder(seatsFor(state, recipient));
  const { price } = state.section.row;
  const owner = { ...rowBasis(state), userId, quantity, price, waitlistEntryId };
  const hold: Hold = { id, ...owner, expiresAt, status: 'HELD', seatIds };
  state.section.hold(quantity, expiresAt);
  state.seats.hold(seatIds, id);
  state.holds.add(hold);
  if (waitlistEntryId === null) state.allocations.add(userId, quantity);
  emit(state, 'hold.created', {
    holdId: id,
    userId,
    quantity,
    waitlistEntryId,
    expiresAt: expiresAt.toISOString(),
    ...priceIn(hold),
    ...seatsIn(seatIds),
  });
  return hold;
}

/** The places of a hold become a booking, at the price of the hold. */
export function bookHeld(state: SectionState, { id: holdId, ...hold }: Hold): Booked {
  const { userId, quantity, price, waitlistEntryId, seatIds } = hold;
  state.section.confirmHold(quantity);
  state.seats.confirm(seatIds);
  state.holds.end(holdId, 'CONFIRMED');
  emit(state, 'hold.confirmed', { holdId, userId, quantity, ...priceIn(hold) });
  const details = { userId, quantity, price, waitlistEntryId, holdId };
  const booked = addBooking(state, details, seatIds);
  if (waitlistEntryId !== null) endEntry(state, waitlistEntryId, 'PROMOTED', booked.booking.id);
  return booked;
}

/** The places of a hold become available. If it was an offer, its entry ends as well. */
export function releaseHeld(
  state: SectionState,
  hold: Hold,
  entryEnds: 'DECLINED' | 'VOIDED',
): Hold {
  const released = endHold(state, hold, 'RELEASED');
  state.allocations.add(hold.userId, -hold.quantity);
  if (hold.waitlistEntryId !== null) endEntry(state, hold.waitlistEntryId, entryEnds);
  return released;
}

/** As `releaseHeld`, for an overdue hold: its places stopped counting for the person when it expired. */
export function expireHeld(state: SectionState, hold: Hold): void {
  endHold(state, hold, 'EXPIRED');
  if (hold.waitlistEntryId !== null) endEntry(state, hold.waitlistEntryId, 'EXPIRED');
}

/** Booked places become available. */
export function releaseBooked(state: SectionState, ticketIds: readonly string[]): void {
  for (const cancelled of state.bookings.cancel(ticketIds)) {
    const { bookingId, userId, quantity, ended, seatIds } = cancelled;
    const places = { ...priceIn(cancelled), ...seatsIn(seatIds) };
    state.section.unbook(quantity, ended);
    state.seats.free(seatIds);
    state.allocations.add(userId, -quantity);
    emit(state, 'booking.cancelled', { bookingId, userId, quantity, ended, ...places });
  }
}

const ENTRY_MESSAGES = {
  PROMOTED: 'waitlist.promoted',
  LEFT: 'waitlist.left',
  VOIDED: 'waitlist.voided',
  DECLINED: 'waitlist.declined',
  EXPIRED: 'waitlist.offer_expired',
} as const;

/** Ends a waitlist entry. Its hold, if it has one, has ended before. */
export function endEntry(
  state: SectionState,
  entryId: string,
  end: EntryEnd,
  bookingId?: string,
): void {
  const entry = state.waitlist.find(entryId);
  if (entry === undefined) throw new Error(`Waitlist entry ${entryId} was not loaded`);
  const { userId, quantity, holdId } = entry;
  state.waitlist.end(entryId, end);
  // The places of an offer count for the person through its hold.
  const isWaitingEnded = holdId === null && end !== 'PROMOTED';
  if (isWaitingEnded) state.allocations.add(userId, -quantity);
  const booking = bookingId === undefined ? {} : { bookingId };
  emit(state, ENTRY_MESSAGES[end], { entryId, userId, quantity, holdId, ...booking });
}

function endHold(state: SectionState, hold: Hold, end: 'RELEASED' | 'EXPIRED'): Hold {
  const { id: holdId, userId, quantity, seatIds } = hold;
  const ended = state.holds.end(holdId, end);
  state.section.releaseHold(quantity);
  state.seats.free(seatIds);
  const type = end === 'RELEASED' ? 'hold.released' : 'hold.expired';
  emit(state, type, { holdId, userId, quantity, ...priceIn(hold), ...seatsIn(seatIds) });
  return ended;
}

/** The chosen seats, or the best; none in a section without seats. */
function seatsFor(state: SectionState, { quantity, seatIds }: Recipient): readonly string[] {
  const { id, eventId, isSeated } = state.section.row;
  if (!isSeated) return [];
  const chosen = seatIds ?? state.seats.pick(quantity);
  if (chosen === undefined) {
    throw new CountersError(`Section ${id} has fewer free seats than available places`, eventId);
  }
  return chosen;
}

type NewBooking = Pick<Booking, 'userId' | 'quantity' | 'price' | 'waitlistEntryId' | 'holdId'>;

function addBooking(state: SectionState, details: NewBooking, seatIds: readonly string[]): Booked {
  const { newId } = state.context;
  const booking = { id: newId(), ...rowBasis(state), ...details };
  // Sorted, so that the newest ticket is the last of the list.
  const ids = Array.from({ length: details.quantity }, newId).sort();
  const tickets = ids.map((id, index) => print(state, { id, seatId: seatIds[index] ?? null }));
  state.bookings.add(booking, tickets);
  const { price: _, ...owner } = details;
  const places = { ...priceIn(booking), ...seatsIn(seatIds) };
  emit(state, 'booking.confirmed', { bookingId: booking.id, ...owner, ...places });
  return { booking, tickets };
}

/** A ticket as its owner sees it. */
export function print<Of extends Pick<Ticket, 'id' | 'seatId'>>(
  { seats }: SectionState,
  ticket: Of,
): Of & PrintedTicket {
  const seat = ticket.seatId === null ? undefined : seats.numbered(ticket.seatId);
  return seat === undefined ? ticket : { ...ticket, seat };
}

interface PricedPlaces {
  readonly price: Price | null;
  readonly quantity: number;
}

/** Messages about places without a price have no `price`. */
export const priceIn = ({ price, quantity }: PricedPlaces): object =>
  price === null ? {} : { price: priceOfPlaces(price, quantity) };

/** Messages of a section without seats have no `seatIds`. */
const seatsIn = (seatIds: readonly string[]): object => (seatIds.length > 0 ? { seatIds } : {});
