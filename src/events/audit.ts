import type { AuditResponse, Check, SectionAudit } from './dto/audit.dto.js';

/** A section's counters, and the counts of its rows, of one moment. */
export interface SectionFacts {
  readonly id: string;
  readonly name: string;
  readonly capacity: number;
  readonly booked: number;
  readonly held: number;
  readonly available: number;
  readonly bookings: number;
  readonly waiting: number;
  readonly isSeated: number;
  /** CONFIRMED bookings, and the sum of their quantities. */
  readonly confirmed: number;
  readonly placesOfBookings: number;
  /** BOOKED tickets of CONFIRMED bookings. */
  readonly tickets: number;
  /** Places of holds that are HELD. */
  readonly placesOfHolds: number;
  /** Entries that are WAITING. */
  readonly entries: number;
  readonly seats: number;
  readonly seatsFree: number;
  readonly seatsHeld: number;
  readonly seatsBooked: number;
}

export function auditOf(
  eventId: string,
  facts: readonly SectionFacts[],
  checkedAt: Date,
): AuditResponse {
  const sections = facts.map(auditSection);
  return {
    eventId,
    consistent: sections.every(({ consistent }) => consistent),
    checkedAt: checkedAt.toISOString(),
    sections,
  };
}

function auditSection(facts: SectionFacts): SectionAudit {
  const checks = [...countersOf(facts), ...(facts.isSeated === 1 ? seatsOf(facts) : [])];
  return {
    id: facts.id,
    name: facts.name,
    consistent: checks.every(({ agrees }) => agrees),
    checks,
  };
}

const countersOf = (facts: SectionFacts): Check[] => [
  check('capacity', facts.capacity, facts.tickets + facts.placesOfHolds + facts.available),
  check('booked', facts.booked, facts.tickets),
  check('placesOfBookings', facts.placesOfBookings, facts.tickets),
  check('bookings', facts.bookings, facts.confirmed),
  check('held', facts.held, facts.placesOfHolds),
  check('available', facts.available, facts.capacity - facts.tickets - facts.placesOfHolds),
  check('waiting', facts.waiting, facts.entries),
];

const seatsOf = (facts: SectionFacts): Check[] => [
  check('seats', facts.capacity, facts.seats),
  check('seatsBooked', facts.seatsBooked, facts.tickets),
  check('seatsHeld', facts.seatsHeld, facts.placesOfHolds),
  check('seatsAvailable', facts.seatsFree, facts.available),
];

const check = (name: string, kept: number, counted: number): Check => ({
  name,
  kept,
  counted,
  agrees: kept === counted,
});
