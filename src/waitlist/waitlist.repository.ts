import { Injectable } from '@nestjs/common';
import { insertRows, setOnRows, type Transaction } from '../platform/index.js';
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
  async heads(
    tx: Transaction,
    wanted: readonly { readonly sectionId: string; readonly count: number }[],
  ): Promise<WaitingEntry[]> {
    if (wanted.length === 0) return [];
    const one = `(SELECT ${ENTRY} FROM waitlist_entries
       WHERE section_id = ? AND status = 'WAITING' ORDER BY seq LIMIT ?)`;
    const rows = await tx.query<StoredEntry[]>(
      wanted.map(() => one).join(' UNION ALL '),
      wanted.flatMap(({ sectionId, count }) => [sectionId, count]),
    );
    return rows.map(toEntry).sort((a, b) => a.seq - b.seq);
  }

  /** The waiting entries of certain people, each in a certain section, in one query. */
  async ofPeople(
    tx: Transaction,
    peopleBySection: ReadonlyMap<string, readonly string[]>,
  ): Promise<WaitingEntry[]> {
    if (peopleBySection.size === 0) return [];
    const one = `(SELECT ${ENTRY} FROM waitlist_entries
       WHERE section_id = ? AND waiting_user_id IN (?))`;
    const rows = await tx.query<StoredEntry[]>(
      [...peopleBySection].map(() => one).join(' UNION ALL '),
      [...peopleBySection].flat(),
    );
    return rows.map(toEntry);
  }

  async save(tx: Transaction, lines: readonly LineChanges[], now: Date): Promise<void> {
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
    for (const status of ['PROMOTED', 'LEFT'] as const) {
      const ids = lines.flatMap((line) => line.ended[status]);
      const assignments = 'status = ?, waiting_user_id = NULL, ended_at = ?';
      await setOnRows(tx, 'waitlist_entries', assignments, [status, now], ids);
    }
    await insertRows(tx, 'waitlist_entries', COLUMNS, rows);
  }
}

const toEntry = (row: StoredEntry): WaitingEntry => ({ ...row, seq: Number(row.seq) });
