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
  readonly lastSeq: number;
  readonly version: number;
  readonly isSeated: number;
  /** CONFIRMED bookings, and the sum of their quantities. */
  readonly confirmed: number;
  readonly placesOfBookings: number;
  /** BOOKED tickets of CONFIRMED bookings. */
  readonly tickets: number;
  /** Places of holds that are HELD. */
  readonly placesOfHolds: number;
  /** Holds that are HELD, and those that do not expire before the section expects it. */
  readonly holds: number;
  readonly holdsExpected: number;
  /** Entries that are WAITING, and the highest seq of all entries. */
  readonly entries: number;
  readonly highestSeq: number;
  /** Blocks of seqs in which entries wait, or are counted; and those that are counted right. */
  readonly blocks: number;
  readonly blocksRight: number;
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

export function auditSection(facts: SectionFacts): SectionAudit {
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
  // Higher does no harm: only a seq that is given twice does.
  check('lastSeq', facts.lastSeq, facts.highestSeq, facts.lastSeq >= facts.highestSeq),
  check('positions', facts.blocksRight, facts.blocks),
  check('expiringHolds', facts.holdsExpected, facts.holds),
];

const seatsOf = (facts: SectionFacts): Check[] => [
  check('seats', facts.capacity, facts.seats),
  check('seatsBooked', facts.seatsBooked, facts.tickets),
  check('seatsHeld', facts.seatsHeld, facts.placesOfHolds),
  check('seatsAvailable', facts.seatsFree, facts.available),
];

const check = (name: string, kept: number, counted: number, agrees = kept === counted): Check => ({
  name,
  kept,
  counted,
  agrees,
});
