import type { CommandRequest } from '../allocation/index.js';
import type { EventSectionRow } from './event.mappers.js';

/** Places that one transaction may give to the waitlist: it writes as many bookings under the lock. */
export const PLACES_PER_STEP = 5_000;

/** The capacity that a section is raised to step by step; null once it has it. */
export interface CapacityWanted {
  readonly id: string;
  readonly capacity: number | null;
}

interface FirstSteps {
  readonly commands: readonly CommandRequest[];
  /** For every section whose capacity the edit names: replaces an earlier capacity wanted. */
  readonly capacitiesWanted: readonly CapacityWanted[];
}

/**
 * The part of new capacities that an edit carries out itself. Where people wait, that is only a first
 * step, so that no lock is held for long; all sections share it, because all are locked.
 *
 * @param capacities the new capacities, by section
 */
export function firstSteps(
  capacities: ReadonlyMap<string, number>,
  sections: readonly EventSectionRow[],
): FirstSteps {
  let room = PLACES_PER_STEP;
  const steps = sections.flatMap((section) => {
    const capacity = capacities.get(section.id);
    if (capacity === undefined) return [];
    const { id, capacity: before, waiting, isSeated } = section;
    const isStepwise = waiting > 0 && !isSeated && capacity > before;
    const reached = isStepwise ? Math.min(capacity, before + room) : capacity;
    if (isStepwise) room -= reached - before;
    return { id, before, reached, capacity };
  });
  return {
    commands: steps
      .filter(({ before, reached }) => reached !== before)
      .map(({ id, reached }) => ({ kind: 'resize', sectionId: id, capacity: reached })),
    capacitiesWanted: steps.map(({ id, reached, capacity }) => {
      return { id, capacity: reached === capacity ? null : capacity };
    }),
  };
}
