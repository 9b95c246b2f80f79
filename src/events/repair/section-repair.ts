import type { SectionCounters } from '../../allocation/index.js';
import { auditSection, type SectionFacts } from '../audit.js';
import type { Check } from '../dto/audit.dto.js';

/** What a repair does to a section. */
export interface SectionRepair {
  readonly section: Pick<SectionFacts, 'id' | 'name' | 'isSeated'>;
  /** Undefined if they stay as they are. */
  readonly counters: SectionCounters | undefined;
  /** Now, and after the repair: one for each stored number. */
  readonly before: readonly Check[];
  readonly after: readonly Check[];
  /** Places that are booked or held beyond the capacity, after the repair. */
  readonly overbooked: number;
}

export interface RepairOptions {
  /** Whether a section that is overbooked gets the capacity that is sold. One with seats cannot get more. */
  readonly raisesCapacity: boolean;
}

/** Recomputes counters from the rows of a section. Bookings, tickets, holds, entries and seats stay as they are. */
export function repairOf(facts: SectionFacts, { raisesCapacity }: RepairOptions): SectionRepair {
  const taken = facts.tickets + facts.placesOfHolds;
  const mayGrow = raisesCapacity && facts.isSeated === 0;
  const capacity = mayGrow ? Math.max(facts.capacity, taken) : facts.capacity;
  const counters = countersOf(facts, capacity);
  const counted = { holdsExpected: facts.holds, blocksRight: facts.blocks };
  const { checks: before } = auditSection(facts);
  const { checks: after } = auditSection({ ...facts, ...counters, ...counted });
  const isChanged = before.some(({ kept }, index) => kept !== after[index]!.kept);
  return {
    section: facts,
    counters: isChanged ? counters : undefined,
    before,
    after,
    overbooked: Math.max(0, taken - capacity),
  };
}

/**
 * A CHECK keeps booked and held places within the capacity. If more are taken, the section counts as full, so
 * that nothing more is sold.
 */
function countersOf(facts: SectionFacts, capacity: number): SectionCounters {
  const held = Math.min(facts.placesOfHolds, capacity);
  const booked = Math.min(facts.tickets, capacity - held);
  return {
    id: facts.id,
    version: facts.version + 1,
    capacity,
    booked,
    held,
    available: capacity - booked - held,
    bookings: Math.min(facts.confirmed, booked),
    waiting: facts.entries,
    lastSeq: Math.max(facts.lastSeq, facts.highestSeq),
  };
}

/** Numbers that a repair cannot make agree, because rows disagree with rows. */
export const remaining = ({ after }: SectionRepair): readonly Check[] =>
  after.filter(({ agrees }) => !agrees);

/** Whether all of it agrees and nothing was, or would be, changed. */
export const isSound = (repair: SectionRepair): boolean =>
  repair.counters === undefined && remaining(repair).length === 0;
