import { Injectable } from '@nestjs/common';
import {
  answered,
  type Change,
  insertRows,
  type Question,
  question,
  setOnRows,
} from '../platform/index.js';
import type { LineChanges, WaitingEntry } from './core/line.js';

const ENTRY = `id, event_id AS eventId, section_id AS sectionId, user_id AS userId, quantity, seq,
  created_at AS createdAt`;

type StoredEntry = Omit<WaitingEntry, 'seq'> & { readonly seq: string };

const COLUMNS = [
  'id',
  'event_id',
  'section_id',
  'user_id',
  'waiting_user_id',
  'quantity',
  'seq',
  'status',
  'created_at',
  'ended_at',
];

/** SQL of the line. All of it under the lock of the sections concerned. */
@Injectable()
export class WaitlistRepository {
  /**
   * The first entries of several lines, in one query.
   *
   * @param wanted how many of each section's line
   * @returns in the order of each line
   */
  heads(
    wanted: readonly { readonly sectionId: string; readonly count: number }[],
  ): Question<readonly WaitingEntry[]> {
    if (wanted.length === 0) return answered([]);
    const one = `(SELECT ${ENTRY} FROM waitlist_entries
       WHERE section_id = ? AND status = 'WAITING' ORDER BY seq LIMIT ?)`;
    return question(
      wanted.map(() => one).join(' UNION ALL '),
      wanted.flatMap(({ sectionId, count }) => [sectionId, count]),
      (rows: readonly StoredEntry[]) => rows.map(toEntry).sort((a, b) => a.seq - b.seq),
    );
  }

  /** The waiting entries of certain people, each in a certain section, in one query. */
  ofPeople(
    peopleBySection: ReadonlyMap<string, readonly string[]>,
  ): Question<readonly WaitingEntry[]> {
    if (peopleBySection.size === 0) return answered([]);
    const one = `(SELECT ${ENTRY} FROM waitlist_entries
       WHERE section_id = ? AND waiting_user_id IN (?))`;
    return question(
      [...peopleBySection].map(() => one).join(' UNION ALL '),
      [...peopleBySection].flat(),
      (rows: readonly StoredEntry[]) => rows.map(toEntry),
    );
  }

  save(lines: readonly LineChanges[], now: Date): Change[] {
    const joined = lines.flatMap((line) => line.joined);
    const rows = joined.map((entry) => [
      entry.id,
      entry.eventId,
      entry.sectionId,
      entry.userId,
      entry.ended === undefined ? entry.userId : null,
      entry.quantity,
      entry.seq,
      entry.ended ?? 'WAITING',
      entry.createdAt,
      entry.ended === undefined ? null : now,
    ]);
    // First who stops waiting: he may join again in the same batch, and waits once at a time.
    const ends = (['PROMOTED', 'LEFT'] as const).flatMap((status) => {
      const ids = lines.flatMap((line) => line.ended[status]);
      const assignments = 'status = ?, waiting_user_id = NULL, ended_at = ?';
      return setOnRows('waitlist_entries', assignments, [status, now], ids);
    });
    return [...ends, ...insertRows('waitlist_entries', COLUMNS, rows)];
  }
}

const toEntry = (row: StoredEntry): WaitingEntry => ({ ...row, seq: Number(row.seq) });
