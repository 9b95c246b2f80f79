import { type Change, insertRows } from '../../platform/database/index.js';
import type { LockedSection } from '../core/state/locked-section.js';
import type { WaitlistChanges } from '../core/waitlist/waitlist.js';

/** A position is read from the counts of the blocks before, and at most this many entries. */
export const SEQS_PER_BLOCK = 1_024;

export interface WaitlistOfSection {
  readonly section: LockedSection;
  readonly changes: WaitlistChanges;
}

/**
 * Counts the WAITING entries of each section in blocks of seqs, under the lock of the section. To be written after
 * the entries themselves.
 */
export function saveCounts(waitlists: readonly WaitlistOfSection[]): Change[] {
  const changed = waitlists.filter(({ section }) => section.isChanged);
  const uncounted = changed.filter(({ section }) => !section.isWaitlistCounted);
  return [
    ...addToCounts(changed.filter(({ section }) => section.isWaitlistCounted)),
    ...countAgain(uncounted.map(({ section }) => section.row.id)),
  ];
}

function addToCounts(waitlists: readonly WaitlistOfSection[]): Change[] {
  const rows = waitlists.flatMap(({ section: { row }, changes }) =>
    [...differencesOf(changes)]
      .filter(([, difference]) => difference !== 0)
      .map(([block, difference]) => [row.id, block, row.eventId, difference]),
  );
  const columns = ['section_id', 'block', 'event_id', 'waiting'];
  return insertRows('waitlist_counts', columns, rows).map(({ sql, ...insert }) => ({
    ...insert,
    sql: `${sql} ON DUPLICATE KEY UPDATE waiting = waiting + VALUES(waiting)`,
    // The server reports two rows for each that it updates.
    isExact: false,
  }));
}

/** By block. */
function differencesOf({ joined, stoppedWaiting }: WaitlistChanges): ReadonlyMap<number, number> {
  const differences = new Map<number, number>();
  const add = (seq: number, difference: number): void => {
    const block = Math.floor(seq / SEQS_PER_BLOCK);
    differences.set(block, (differences.get(block) ?? 0) + difference);
  };
  for (const { seq, status } of joined) if (status === 'WAITING') add(seq, 1);
  for (const seq of stoppedWaiting) add(seq, -1);
  return differences;
}

/** For sections that a repair or an earlier version of the service has changed. */
export function countAgain(sectionIds: readonly string[]): Change[] {
  if (sectionIds.length === 0) return [];
  const parameters = [sectionIds];
  const sqls = [
    'DELETE FROM waitlist_counts WHERE section_id IN (?)',
    `INSERT INTO waitlist_counts (section_id, block, event_id, waiting)
     SELECT section_id, seq DIV ${SEQS_PER_BLOCK}, MIN(event_id), COUNT(*) FROM waitlist_entries
      WHERE section_id IN (?) AND status = 'WAITING' GROUP BY section_id, seq DIV ${SEQS_PER_BLOCK}`,
  ];
  return sqls.map((sql) => ({ sql, parameters, rows: sectionIds.length, isExact: false }));
}
