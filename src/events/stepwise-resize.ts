import type { CommandRequest } from '../allocation/index.js';
import type { EventSectionRow } from './event.mappers.js';

/**
 * Places that one transaction gives to the line: so many bookings are written while the section is
 * locked.
 */
export const PLACES_PER_STEP = 5_000;

/** What a section is still to be raised to, step by step; null if it is as it shall be. */
export interface CapacityWanted {
  readonly id: string;
  readonly capacity: number | null;
}

interface FirstSteps {
  readonly commands: readonly CommandRequest[];
  /** Of every section whose capacity is named: whatever it was to be raised to before, is no more. */
  readonly capacitiesWanted: readonly CapacityWanted[];
}

/**
 * What an edit does about capacities at once. Of a raise that people wait for that is only the first
 * step, so that no lock is held for long; several such sections share it, for all are locked.
 *
 * @param capacities that are named, by section
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
