import type { SectionRow } from '../../../src/allocation/core/state/locked-section.js';
import type { SeatRow } from '../support/tables.js';
import type { SectionPlan } from './steps.js';

const SEATS_PER_ROW = 3;

/** The first section of the event to which all sections of a story belong. */
const FIRST = 'section-0';

export const emptySection = (id: string, plan: SectionPlan): SectionRow => ({
  id,
  eventId: 'event',
  firstSectionId: id === FIRST ? null : FIRST,
  sales: plan.isClosed ? 'CLOSED' : 'OPEN',
  isSeated: plan.isSeated,
  rules: { ...plan.rules },
  price: null,
  capacity: plan.capacity,
  booked: 0,
  held: 0,
  available: plan.capacity,
  bookings: 0,
  waiting: 0,
  lastSeq: 0,
  version: 0,
  holdsExpireAt: null,
});

/** Short rows, so that a request does not always find seats next to each other. */
export function seatsOf(sectionId: string, count: number): SeatRow[] {
  return Array.from({ length: count }, (_, index): SeatRow => {
    const row = Math.floor(index / SEATS_PER_ROW);
    return {
      id: `${sectionId}-seat-${index}`,
      sectionId,
      row: `row ${row}`,
      number: (index % SEATS_PER_ROW) + 1,
      position: index + row,
      status: 'AVAILABLE',
      holdId: null,
    };
  });
}
