import type { PlacesWanted } from '../commands.js';
import type { Desk } from '../section-state.js';
import type { Refusal } from '../refusals.js';

/** A booking's tickets are written in one transaction: more of them would hold the lock too long. */
export const PLACES_PER_BOOKING_MAX = 10_000;

/** Why nobody could be given these places, however many were free; nothing, if he may have them. */
export function whyNotAtAll(desk: Desk, wanted: PlacesWanted): Refusal | undefined {
  const { sales, capacity } = desk.section.now;
  const { quantity: requested } = wanted;
  if (sales !== 'OPEN') return { code: 'event_not_on_sale' };
  if (requested > capacity) return { code: 'exceeds_capacity', requested, capacity };
  return (
    overBookingLimit(desk, wanted) ?? overPersonLimit(desk, wanted) ?? whyNotSeats(desk, wanted)
  );
}

/**
 * Whether it is his turn, and the places are there. While anyone waits, what is free belongs to the
 * line; unless it serves whomever the places fit: they fit nobody who waits, or he would have them.
 */
export function mayHaveNow(desk: Desk, quantity: number): boolean {
  const isFirst = desk.line.isEmpty || desk.section.now.rules.fit === 'skip';
  return isFirst && desk.section.fits(quantity);
}

function overBookingLimit(desk: Desk, { quantity: requested }: PlacesWanted): Refusal | undefined {
  const { maxPerBooking } = desk.section.now.rules;
  const limit = Math.min(PLACES_PER_BOOKING_MAX, maxPerBooking ?? Infinity);
  if (requested <= limit) return undefined;
  return { code: 'limit_exceeded', requested, limit, per: 'booking' };
}

function overPersonLimit(desk: Desk, wanted: PlacesWanted): Refusal | undefined {
  const { maxPerPerson: limit } = desk.section.now.rules;
  if (limit === null) return undefined;
  const has = desk.claims.of(wanted.userId);
  const { quantity: requested } = wanted;
  if (has + requested <= limit) return undefined;
  return { code: 'limit_exceeded', requested, limit, per: 'person', has };
}

function whyNotSeats(desk: Desk, { quantity, seatIds }: PlacesWanted): Refusal | undefined {
  if (seatIds === undefined) return undefined;
  if (new Set(seatIds).size !== seatIds.length || seatIds.length !== quantity) {
    throw new Error('Seats must be named as many as are wanted, each once');
  }
  if (!desk.section.now.isSeated) return { code: 'section_not_seated' };
  const unknown = seatIds.filter((id) => desk.seats.statusOf(id) === undefined);
  if (unknown.length > 0) return { code: 'seat_not_found', seatIds: unknown };
  const taken = seatIds.filter((id) => desk.seats.statusOf(id) !== 'AVAILABLE');
  return taken.length > 0 ? { code: 'seat_taken', seatIds: taken } : undefined;
}
