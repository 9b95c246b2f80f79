import type { EntryEnd } from '../waitlist/waitlist-entry.js';
import type { PlacesWanted } from '../commands.js';
import type { Desk } from '../section-state.js';
import type { Hold } from '../state/holds.js';
import type { Booking } from '../state/section-bookings.js';
import type { Booked } from '../outcomes.js';

/** Whom places go to. Whoever calls has made sure that they are there and whose turn it is. */
export type Taker = Pick<PlacesWanted, 'userId' | 'quantity' | 'seatIds'> & {
  /** The entry that brings him here; its places are claimed already. */
  readonly waitlistEntryId: string | null;
};

/** Seats are told where there are any. */
export const seated = (seatIds: readonly string[]): object =>
  seatIds.length > 0 ? { seatIds } : {};

/** Free places become a booking. */
export function bookFree(desk: Desk, taker: Taker): Booked {
  const { userId, quantity, waitlistEntryId } = taker;
  const seatIds = seatsFor(desk, taker);
  desk.section.book(quantity);
  desk.seats.book(seatIds);
  if (waitlistEntryId === null) desk.claims.add(userId, quantity);
  return enter(desk, { userId, quantity, waitlistEntryId, holdId: null }, seatIds);
}

/** Free places are held. */
export function holdFree(desk: Desk, taker: Taker, ttlSeconds: number): Hold {
  const { userId, quantity, waitlistEntryId } = taker;
  const id = desk.surroundings.newId();
  const expiresAt = new Date(desk.surroundings.now.getTime() + ttlSeconds * 1000);
  const seatIds = seatsFor(desk, taker);
  const owner = { ...desk.origin, userId, quantity, waitlistEntryId };
  const hold: Hold = { id, ...owner, expiresAt, status: 'HELD', seatIds };
  desk.section.hold(quantity, expiresAt);
  desk.seats.hold(seatIds, id);
  desk.holds.make(hold);
  if (waitlistEntryId === null) desk.claims.add(userId, quantity);
  const told = {
    holdId: id,
    userId,
    quantity,
    waitlistEntryId,
    expiresAt: expiresAt.toISOString(),
  };
  desk.tell('hold.created', { ...told, ...seated(seatIds) });
  return hold;
}

/** The places of a hold become a booking. */
export function bookHeld(desk: Desk, { id: holdId, ...hold }: Hold): Booked {
  const { userId, quantity, waitlistEntryId, seatIds } = hold;
  desk.section.confirmHold(quantity);
  desk.seats.confirm(seatIds);
  desk.holds.end(holdId, 'CONFIRMED');
  desk.tell('hold.confirmed', { holdId, userId, quantity });
  const booked = enter(desk, { userId, quantity, waitlistEntryId, holdId }, seatIds);
  if (waitlistEntryId !== null) endEntry(desk, waitlistEntryId, 'PROMOTED', booked.booking.id);
  return booked;
}

/** The places of a hold become available; if it was an offer, its entry ends as well. */
export function freeHeld(desk: Desk, hold: Hold, entryEnds: 'DECLINED' | 'VOIDED'): Hold {
  const released = endHold(desk, hold, 'RELEASED');
  desk.claims.add(hold.userId, -hold.quantity);
  if (hold.waitlistEntryId !== null) endEntry(desk, hold.waitlistEntryId, entryEnds);
  return released;
}

/** The same when its time is over. Its places stopped counting as claimed at that moment. */
export function expireHeld(desk: Desk, hold: Hold): void {
  endHold(desk, hold, 'EXPIRED');
  if (hold.waitlistEntryId !== null) endEntry(desk, hold.waitlistEntryId, 'EXPIRED');
}

/** Booked places become available. */
export function freeBooked(desk: Desk, ticketIds: readonly string[]): void {
  for (const { bookingId, userId, lost, ended, seatIds } of desk.ledger.cancel(ticketIds)) {
    desk.section.unbook(lost, ended);
    desk.seats.free(seatIds);
    desk.claims.add(userId, -lost);
    const told = { bookingId, userId, quantity: lost, ended };
    desk.tell('booking.cancelled', { ...told, ...seated(seatIds) });
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
export function endEntry(desk: Desk, entryId: string, how: EntryEnd, bookingId?: string): void {
  const entry = desk.line.find(entryId);
  if (entry === undefined) throw new Error(`Entry ${entryId} was not loaded`);
  const { userId, quantity, holdId } = entry;
  desk.line.end(entryId, how);
  // Who was offered places has claimed them by the hold.
  const isClaimLost = holdId === null && how !== 'PROMOTED';
  if (isClaimLost) desk.claims.add(userId, -quantity);
  const booking = bookingId === undefined ? {} : { bookingId };
  desk.tell(ENTRY_MESSAGES[how], { entryId, userId, quantity, holdId, ...booking });
}

function endHold(desk: Desk, hold: Hold, how: 'RELEASED' | 'EXPIRED'): Hold {
  const { id: holdId, userId, quantity, seatIds } = hold;
  const ended = desk.holds.end(holdId, how);
  desk.section.releaseHold(quantity);
  desk.seats.free(seatIds);
  const told = { holdId, userId, quantity };
  const type = how === 'RELEASED' ? 'hold.released' : 'hold.expired';
  desk.tell(type, { ...told, ...seated(seatIds) });
  return ended;
}

/** The seats that were chosen, or the best; none in a section that has none. */
function seatsFor(desk: Desk, { quantity, seatIds }: Taker): readonly string[] {
  if (!desk.section.now.isSeated) return [];
  const chosen = seatIds ?? desk.seats.pick(quantity);
  if (chosen === undefined) {
    throw new Error(`Of section ${desk.section.now.id} fewer free seats were loaded than it has`);
  }
  return chosen;
}

type Claim = Pick<Booking, 'userId' | 'quantity' | 'waitlistEntryId' | 'holdId'>;

function enter(desk: Desk, claim: Claim, seatIds: readonly string[]): Booked {
  const { newId } = desk.surroundings;
  const booking = { id: newId(), ...desk.origin, ...claim };
  // In their order, so that the newest is the last that was printed.
  const ids = Array.from({ length: claim.quantity }, newId).sort();
  const tickets = ids.map((id, index) => ({ id, seatId: seatIds[index] ?? null }));
  desk.ledger.make(booking, tickets);
  desk.tell('booking.confirmed', { bookingId: booking.id, ...claim, ...seated(seatIds) });
  return { booking, tickets };
}
