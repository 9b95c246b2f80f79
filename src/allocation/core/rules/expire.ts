import type { SectionState } from '../section-state.js';
import { expireHeld } from './place-changes.js';
import { promote } from './promote.js';

/**
 * Ends the holds that are loaded and whose time is over, and gives their places to the line. Comes
 * before the first command of a batch, so that no command meets a hold that is over but looks as if
 * it were held. If very many are overdue, some are not loaded and left to the next batch: their
 * places are not free yet.
 */
export function expireOverdue(state: SectionState): void {
  const { now } = state.context;
  const overdue = state.holds.held.filter((hold) => hold.expiresAt <= now);
  for (const hold of overdue) expireHeld(state, hold);
  lookAhead(state);
  if (overdue.length > 0) promote(state);
}

/** Number of holds of the section that were found overdue in this batch. */
export const countExpired = ({ holds }: SectionState): number =>
  holds.changes().ended.EXPIRED.length;

/** Whether a hold of the section may be overdue, so that somebody has to look. */
export function mayBeOverdue({ section, context: surroundings }: SectionState): boolean {
  const { holdsExpireAt } = section.row;
  return holdsExpireAt !== null && holdsExpireAt <= surroundings.now;
}

/** The section's bound has been reached, so that somebody has looked for the next. */
function lookAhead(state: SectionState): void {
  const { section, holds } = state;
  if (!mayBeOverdue(state)) return;
  if (holds.nextExpiryAfterLoaded === undefined) {
    throw new Error(`Nobody has looked for the overdue holds of section ${section.row.id}`);
  }
  section.expectExpiry(holds.nextExpiryAfterLoaded);
}
