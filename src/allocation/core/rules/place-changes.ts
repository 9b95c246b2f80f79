import type { EntryEnd } from '../waitlist/waitlist-entry.js';
import type { PlacesWanted } from '../commands.js';
import type { SectionState } from '../section-state.js';
import type { Hold } from '../state/holds.js';
import type { Booking } from '../state/section-bookings.js';
import type { Booked } from '../outcomes.js';

/** Whom places go to. Whoever calls has made sure that they are there and whose turn it is. */
export type Recipient = Pick<PlacesWanted, 'userId' | 'quantity' | 'seatIds'> & {
  /** The entry that brings him here; its places are claimed already. */
  readonly waitlistEntryId: string | null;
};

/** Seats are told where there are any. */
export const seated = (seatIds: readonly string[]): object =>
  seatIds.length > 0 ? { seatIds } : {};

/** Free places become a booking. */
export function bookAvailable(state: SectionState, taker: Recipient): Booked {
  const { userId, quantity, waitlistEntryId } = taker;
  const seatIds = seatsFor(state, taker);
  state.section.book(quantity);
  state.seats.book(seatIds);
  if (waitlistEntryId === null) state.allocations.add(userId, quantity);
  return enter(state, { userId, quantity, waitlistEntryId, holdId: null }, seatIds);
}

/** Free places are held. */
export function holdAvailable(state: SectionState, taker: Recipient, ttlSeconds: number): Hold {
  const { userId, quantity, waitlistEntryId } = taker;
  const id = state.context.newId();
  const expiresAt = new Date(state.context.now.getTime() + ttlSeconds * 1000);
  const seatIds = seatsFor(state, taker);
  const owner = { ...state.origin, userId, quantity, waitlistEntryId };
  const hold: Hold = { id, ...owner, expiresAt, status: 'HELD', seatIds };
  state.section.hold(quantity, expiresAt);
  state.seats.hold(seatIds, id);
  state.holds.make(hold);
  if (waitlistEntryId === null) state.allocations.add(userId, quantity);
  const told = {
    holdId: id,
    userId,
    quantity,
    waitlistEntryId,
    expiresAt: expiresAt.toISOString(),
  };
  state.emit('hold.created', { ...told, ...seated(seatIds) });
  return hold;
}

/** The places of a hold become a booking. */
export function bookHeld(state: SectionState, { id: holdId, ...hold }: Hold): Booked {
  const { userId, quantity, waitlistEntryId, seatIds } = hold;
  state.section.confirmHold(quantity);
  state.seats.confirm(seatIds);
  state.holds.end(holdId, 'CONFIRMED');
  state.emit('hold.confirmed', { holdId, userId, quantity });
  const booked = enter(state, { userId, quantity, waitlistEntryId, holdId }, seatIds);
  if (waitlistEntryId !== null) endEntry(state, waitlistEntryId, 'PROMOTED', booked.booking.id);
  return booked;
}

/** The places of a hold become available; if it was an offer, its entry ends as well. */
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

/** The same when its time is over. Its places stopped counting as claimed at that moment. */
export function expireHeld(state: SectionState, hold: Hold): void {
  endHold(state, hold, 'EXPIRED');
  if (hold.waitlistEntryId !== null) endEntry(state, hold.waitlistEntryId, 'EXPIRED');
}

/** Booked places become available. */
export function releaseBooked(state: SectionState, ticketIds: readonly string[]): void {
  for (const { bookingId, userId, lost, ended, seatIds } of state.bookings.cancel(ticketIds)) {
    state.section.unbook(lost, ended);
    state.seats.free(seatIds);
    state.allocations.add(userId, -lost);
    const told = { bookingId, userId, quantity: lost, ended };
    state.emit('booking.cancelled', { ...told, ...seated(seatIds) });
  }
}

const ENTRY_MESSAGES = {
  PROMOTED: 'waitlist.promoted',
  LEFT: 'waitlist.left',
  VOIDED: 'waitlist.voided',
  DECLINED: 'waitlist.declined',
  EXPIRED: 'waitlist.offer_expired',
} as const;

/** An entry ends. Its hold, if it has one, has ended before. */
export function endEntry(
  state: SectionState,
  entryId: string,
  how: EntryEnd,
  bookingId?: string,
): void {
  const entry = state.waitlist.find(entryId);
  if (entry === undefined) throw new Error(`Entry ${entryId} was not loaded`);
  const { userId, quantity, holdId } = entry;
  state.waitlist.end(entryId, how);
  // Who was offered places has claimed them by the hold.
  const isClaimLost = holdId === null && how !== 'PROMOTED';
  if (isClaimLost) state.allocations.add(userId, -quantity);
  const booking = bookingId === undefined ? {} : { bookingId };
  state.emit(ENTRY_MESSAGES[how], { entryId, userId, quantity, holdId, ...booking });
}

function endHold(state: SectionState, hold: Hold, how: 'RELEASED' | 'EXPIRED'): Hold {
  const { id: holdId, userId, quantity, seatIds } = hold;
  const ended = state.holds.end(holdId, how);
  state.section.releaseHold(quantity);
  state.seats.free(seatIds);
  const told = { holdId, userId, quantity };
  const type = how === 'RELEASED' ? 'hold.released' : 'hold.expired';
  state.emit(type, { ...told, ...seated(seatIds) });
  return ended;
}

/** The seats that were chosen, or the best; none in a section that has none. */
function seatsFor(state: SectionState, { quantity, seatIds }: Recipient): readonly string[] {
  if (!state.section.row.isSeated) return [];
  const chosen = seatIds ?? state.seats.pick(quantity);
  if (chosen === undefined) {
    throw new Error(`Of section ${state.section.row.id} fewer free seats were loaded than it has`);
  }
  return chosen;
}

type NewBooking = Pick<Booking, 'userId' | 'quantity' | 'waitlistEntryId' | 'holdId'>;

function enter(state: SectionState, claim: NewBooking, seatIds: readonly string[]): Booked {
  const { newId } = state.context;
  const booking = { id: newId(), ...state.origin, ...claim };
  // In their order, so that the newest is the last that was printed.
  const ids = Array.from({ length: claim.quantity }, newId).sort();
  const tickets = ids.map((id, index) => ({ id, seatId: seatIds[index] ?? null }));
  state.bookings.make(booking, tickets);
  state.emit('booking.confirmed', { bookingId: booking.id, ...claim, ...seated(seatIds) });
  return { booking, tickets };
}
