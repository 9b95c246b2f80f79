import type { PlacesWanted } from '../commands.js';
import type { SectionState } from '../section-state.js';
import type { Refusal } from '../refusals.js';

/** A booking's tickets are written in one transaction: more of them would hold the lock too long. */
export const PLACES_PER_BOOKING_MAX = 10_000;

/** Why nobody could be given these places, however many were free; nothing, if he may have them. */
export function admissionRefusal(state: SectionState, wanted: PlacesWanted): Refusal | undefined {
  const { sales, capacity } = state.section.row;
  const { quantity: requested } = wanted;
  if (sales !== 'OPEN') return { code: 'event_not_on_sale' };
  if (requested > capacity) return { code: 'exceeds_capacity', requested, capacity };
  return (
    overBookingLimit(state, wanted) ?? overPersonLimit(state, wanted) ?? seatRefusal(state, wanted)
  );
}

/**
 * Whether it is his turn, and the places are there. While anyone waits, what is free belongs to the
 * line; unless it serves whomever the places fit: they fit nobody who waits, or he would have them.
 */
export function canAllocateNow(state: SectionState, quantity: number): boolean {
  const isFirst = state.waitlist.isEmpty || state.section.row.rules.fit === 'skip';
  return isFirst && state.section.fits(quantity);
}

function overBookingLimit(
  state: SectionState,
  { quantity: requested }: PlacesWanted,
): Refusal | undefined {
  const { maxPerBooking } = state.section.row.rules;
  const limit = Math.min(PLACES_PER_BOOKING_MAX, maxPerBooking ?? Infinity);
  if (requested <= limit) return undefined;
  return { code: 'limit_exceeded', requested, limit, per: 'booking' };
}

function overPersonLimit(state: SectionState, wanted: PlacesWanted): Refusal | undefined {
  const { maxPerPerson: limit } = state.section.row.rules;
  if (limit === null) return undefined;
  const has = state.allocations.of(wanted.userId);
  const { quantity: requested } = wanted;
  if (has + requested <= limit) return undefined;
  return { code: 'limit_exceeded', requested, limit, per: 'person', has };
}

function seatRefusal(
  state: SectionState,
  { quantity, seatIds }: PlacesWanted,
): Refusal | undefined {
  if (seatIds === undefined) return undefined;
  if (new Set(seatIds).size !== seatIds.length || seatIds.length !== quantity) {
    throw new Error('Seats must be named as many as are wanted, each once');
  }
  if (!state.section.row.isSeated) return { code: 'section_not_seated' };
  const unknown = seatIds.filter((id) => state.seats.statusOf(id) === undefined);
  if (unknown.length > 0) return { code: 'seat_not_found', seatIds: unknown };
  const taken = seatIds.filter((id) => state.seats.statusOf(id) !== 'AVAILABLE');
  return taken.length > 0 ? { code: 'seat_taken', seatIds: taken } : undefined;
}
