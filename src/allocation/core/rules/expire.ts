import type { Outcome } from '../outcomes.js';
import type { SectionState } from '../section-state.js';
import { expireHeld } from './place-changes.js';
import { promote } from './promote.js';

/**
 * Ends the overdue holds that are loaded, and gives their places to the waitlist. Runs before the
 * first command of a batch, so that no command meets a hold that is overdue but still HELD. If very
 * many are overdue, the batch loads only some: the places of the others stay held until a later one.
 */
export function expireOverdue(state: SectionState): void {
  const { now } = state.context;
  const overdue = state.holds.held.filter((hold) => hold.expiresAt <= now);
  for (const hold of overdue) expireHeld(state, hold);
  advanceNextExpiry(state);
  if (overdue.length > 0) promote(state);
}

/**
 * The command of OverdueSectionsWorker. It makes a batch look at the section: the overdue holds were ended
 * before the first command, and this reports how many.
 */
export function reportSwept(state: SectionState): Outcome {
  return { kind: 'swept', expired: countExpired(state), hasMore: mayHaveOverdueHolds(state) };
}

/** Number of holds that this batch has ended in the section because they were overdue. */
export const countExpired = ({ holds }: SectionState): number =>
  holds.changes().ended.EXPIRED.length;

/** Whether holds of the section may be overdue that this batch has not ended. */
export const mayHaveOverdueHolds = ({ section, context }: SectionState): boolean =>
  section.mayHaveOverdueHolds(context.now);

function advanceNextExpiry(state: SectionState): void {
  const { section, holds } = state;
  if (!mayHaveOverdueHolds(state)) return;
  if (holds.nextExpiryAfterLoaded === undefined) {
    throw new Error(`The overdue holds of section ${section.row.id} were not loaded`);
  }
  section.setNextExpiry(holds.nextExpiryAfterLoaded);
}
