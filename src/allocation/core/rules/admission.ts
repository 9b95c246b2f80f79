import type { PlacesWanted } from '../commands.js';
import type { SectionState } from '../section-state.js';
import type { Refusal } from '../refusals.js';
import type { Standing } from './standing.js';

/** A booking's tickets are written in one transaction: more would hold the lock for too long. */
export const PLACES_PER_BOOKING_MAX = 10_000;

/** Why this person cannot have these places, however many are free; undefined if they can. */
export function admissionRefusal(
  state: SectionState,
  wanted: PlacesWanted,
  person: Standing,
): Refusal | undefined {
  const { sales, capacity } = state.section.row;
  const { quantity: requested } = wanted;
  if (sales !== 'OPEN') return { code: 'event_not_on_sale' };
  if (requested > capacity) return { code: 'exceeds_capacity', requested, capacity };
  return (
    bookingLimitRefusal(state, wanted) ??
    personLimitRefusal(state, wanted, person) ??
    seatRefusal(state, wanted)
  );
}

/**
 * Whether the places are free and it is this request's turn. While anyone waits, free places belong
 * to the waitlist. With `skip`, what is free fits no entry, or a promotion would have given it away:
 * so a newcomer may have it.
 */
export function canAllocateNow(state: SectionState, quantity: number): boolean {
  const isNext = state.waitlist.isEmpty || state.section.row.rules.fit === 'skip';
  return isNext && state.section.hasAvailable(quantity);
}

function bookingLimitRefusal(
  state: SectionState,
  { quantity: requested }: PlacesWanted,
): Refusal | undefined {
  const { maxPerBooking } = state.section.row.rules;
  const limit = Math.min(PLACES_PER_BOOKING_MAX, maxPerBooking ?? Infinity);
  if (requested <= limit) return undefined;
  return { code: 'limit_exceeded', requested, limit, per: 'booking' };
}

function personLimitRefusal(
  state: SectionState,
  wanted: PlacesWanted,
  person: Standing,
): Refusal | undefined {
  const { maxPerPerson: limit } = state.section.row.rules;
  if (limit === null) return undefined;
  const has = person.places();
  const { quantity: requested } = wanted;
  if (has + requested <= limit) return undefined;
  const refusal = { code: 'limit_exceeded', requested, limit, per: 'person' } as const;
  return wanted.isBlind === true ? refusal : { ...refusal, has };
}

function seatRefusal(
  state: SectionState,
  { quantity, seatIds }: PlacesWanted,
): Refusal | undefined {
  if (seatIds === undefined) return undefined;
  if (new Set(seatIds).size !== seatIds.length || seatIds.length !== quantity) {
    throw new Error(`A command for ${quantity} places must name that many different seats`);
  }
  if (!state.section.row.isSeated) return { code: 'section_not_seated' };
  const unknown = seatIds.filter((id) => state.seats.statusOf(id) === undefined);
  if (unknown.length > 0) return { code: 'seat_not_found', seatIds: unknown };
  const taken = seatIds.filter((id) => state.seats.statusOf(id) !== 'AVAILABLE');
  return taken.length > 0 ? { code: 'seat_taken', seatIds: taken } : undefined;
}
