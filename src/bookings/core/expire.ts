import type { Desk } from './desk.js';
import { expireHeld } from './places.js';
import { promote } from './promote.js';

/**
 * Ends every hold whose time is over, and gives its places to the line. Comes before the first
 * command of a batch, so that no command meets a hold that is over but looks as if it were held.
 */
export function expireOverdue(desk: Desk): void {
  const { now } = desk.surroundings;
  const overdue = desk.holds.held.filter((hold) => hold.expiresAt <= now);
  for (const hold of overdue) expireHeld(desk, hold);
  lookAhead(desk);
  if (overdue.length > 0) promote(desk);
}

/** The section's bound has been reached, so that somebody has looked for the next. */
function lookAhead({ section, holds, surroundings }: Desk): void {
  const { holdsExpireAt } = section.now;
  if (holdsExpireAt === null || holdsExpireAt > surroundings.now) return;
  if (holds.nextExpiryAfterLoaded === undefined) {
    throw new Error(`Nobody has looked for the overdue holds of section ${section.now.id}`);
  }
  section.expectExpiry(holds.nextExpiryAfterLoaded);
}
