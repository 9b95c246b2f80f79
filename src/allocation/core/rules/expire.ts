import type { Desk } from '../section-state.js';
import { expireHeld } from './place-changes.js';
import { promote } from './promote.js';

/**
 * Ends the holds that are loaded and whose time is over, and gives their places to the line. Comes
 * before the first command of a batch, so that no command meets a hold that is over but looks as if
 * it were held. If very many are overdue, some are not loaded and left to the next batch: their
 * places are not free yet.
 */
export function expireOverdue(desk: Desk): void {
  const { now } = desk.surroundings;
  const overdue = desk.holds.held.filter((hold) => hold.expiresAt <= now);
  for (const hold of overdue) expireHeld(desk, hold);
  lookAhead(desk);
  if (overdue.length > 0) promote(desk);
}

/** Number of holds of the section that were found overdue in this batch. */
export const countExpired = ({ holds }: Desk): number => holds.changes().ended.EXPIRED.length;

/** Whether a hold of the section may be overdue, so that somebody has to look. */
export function mayBeOverdue({ section, surroundings }: Desk): boolean {
  const { holdsExpireAt } = section.now;
  return holdsExpireAt !== null && holdsExpireAt <= surroundings.now;
}

/** The section's bound has been reached, so that somebody has looked for the next. */
function lookAhead(desk: Desk): void {
  const { section, holds } = desk;
  if (!mayBeOverdue(desk)) return;
  if (holds.nextExpiryAfterLoaded === undefined) {
    throw new Error(`Nobody has looked for the overdue holds of section ${section.now.id}`);
  }
  section.expectExpiry(holds.nextExpiryAfterLoaded);
}
