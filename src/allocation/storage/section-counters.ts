import type { Change } from '../../platform/database/index.js';
import { countAgain } from './waitlist-counts.js';

/** The counters of a section that a repair replaces, and the version that it makes. */
export interface SectionCounters {
  readonly id: string;
  readonly version: number;
  readonly capacity: number;
  readonly booked: number;
  readonly held: number;
  readonly available: number;
  readonly bookings: number;
  readonly waiting: number;
  readonly lastSeq: number;
}

/** Replaces counters, in sections that are locked, and counts their holds and waitlists again. */
export const saveCounters = (sections: readonly SectionCounters[]): Change[] => [
  ...sections.map(replaceCounters),
  ...countAgain(sections.map(({ id }) => id)),
];

/** One statement, because the CHECK constraints apply to each. */
const replaceCounters = ({ id, version, ...counters }: SectionCounters): Change => ({
  sql: `UPDATE sections
      SET capacity = ?, booked = ?, held = ?, available = ?, bookings = ?, waiting = ?, last_seq = ?,
          capacity_wanted = IF(capacity_wanted <= ?, NULL, capacity_wanted),
          holds_expire_at = (SELECT MIN(hold.expires_at) FROM holds hold
                              WHERE hold.section_id = ? AND hold.status = 'HELD'),
          version = ?, counted_version = ?
    WHERE id = ?`,
  parameters: [
    counters.capacity,
    counters.booked,
    counters.held,
    counters.available,
    counters.bookings,
    counters.waiting,
    counters.lastSeq,
    counters.capacity,
    id,
    version,
    version,
    id,
  ],
  rows: 1,
  isExact: true,
});
