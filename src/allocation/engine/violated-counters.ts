import { violatedConstraint } from '../../platform/database/index.js';
import { CountersError } from '../core/state/counters-error.js';
import type { LockedSection } from '../core/state/locked-section.js';

/** Constraints that a batch violates only if it started from wrong counters. */
const ABOUT_COUNTERS: ReadonlySet<string> = new Set([
  'ck_sections_bookings',
  'ck_sections_conservation',
  'ck_sections_waiting',
  // The seq of a new entry is one more than `last_seq`.
  'uq_waitlist_line',
]);

/** A CountersError if the error of a batch says that counters of its sections are wrong; otherwise the same. */
export function tellingCounters(
  error: unknown,
  sections: ReadonlyMap<string, LockedSection>,
): unknown {
  const constraint = violatedConstraint(error);
  const [first] = sections.values();
  if (first === undefined || constraint === undefined || !ABOUT_COUNTERS.has(constraint)) {
    return error;
  }
  // Of several sections it is unknown which one; commands that fail are tried alone.
  const ids = [...sections.keys()].join(', ');
  return new CountersError(`Section ${ids} violates ${constraint}`, first.row.eventId, {
    cause: error,
  });
}
