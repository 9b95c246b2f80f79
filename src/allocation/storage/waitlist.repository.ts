import { Injectable } from '@nestjs/common';
import {
  constantQuery,
  type Change,
  insertRows,
  type Query,
  defineQuery,
  setOnRows,
  updateRowsById,
} from '../../platform/database/index.js';
import type { EntryEnd, WaitlistEntry, WaitingEntry } from '../core/waitlist/waitlist-entry.js';
import type { WindowQuery } from '../core/loading/waitlist-load-plan.js';
import type { WaitlistChanges } from '../core/waitlist/waitlist.js';

const ENTRY = `id, event_id AS eventId, section_id AS sectionId, user_id AS userId, quantity, seq,
  status, hold_id AS holdId, created_at AS createdAt`;

type StoredEntry = Omit<WaitlistEntry, 'seq'> & { readonly seq: string };

type WindowOfSection = WindowQuery & { readonly sectionId: string };

const COLUMNS = [
  'id',
  'event_id',
  'section_id',
  'user_id',
  'waiting_user_id',
  'quantity',
  'seq',
  'status',
  'hold_id',
  'created_at',
  'ended_at',
];

const ENDS: readonly EntryEnd[] = ['PROMOTED', 'LEFT', 'VOIDED', 'DECLINED', 'EXPIRED'];

/** The largest value of the column. */
const LARGEST_QUANTITY = 4_294_967_295;

/** SQL on waitlist entries, under the locks of their sections. */
@Injectable()
export class WaitlistRepository {
  /** @returns for each window its WAITING entries, by seq */
  windows(queries: readonly WindowOfSection[]): Query<readonly (readonly WaitingEntry[])[]> {
    if (queries.length === 0) return constantQuery([]);
    return defineQuery(
      queries.map(selectWindow).join(' UNION ALL '),
      queries.flatMap(({ sectionId, minQuantity, maxQuantity, count }, nth) =>
        isAnySize({ minQuantity, maxQuantity })
          ? [nth, sectionId, toLimit(count)]
          : [nth, sectionId, minQuantity, Math.min(maxQuantity, LARGEST_QUANTITY), toLimit(count)],
      ),
      (rows: readonly (StoredEntry & { readonly nth: number })[]) => {
        const windows = queries.map((): WaitingEntry[] => []);
        for (const { nth, status: _, holdId: __, ...row } of rows) windows[nth]!.push(toEntry(row));
        for (const window of windows) window.sort((a, b) => a.seq - b.seq);
        return windows;
      },
    );
  }

  /** The quantities that occur among the WAITING entries of each section. */
  sizes(
    sectionIds: readonly string[],
  ): Query<readonly { readonly sectionId: string; readonly quantity: number }[]> {
    if (sectionIds.length === 0) return constantQuery([]);
    return defineQuery(
      `SELECT DISTINCT section_id AS sectionId, quantity FROM waitlist_entries
        WHERE section_id IN (?) AND status = 'WAITING'`,
      [sectionIds],
      (rows: readonly { readonly sectionId: string; readonly quantity: number }[]) => rows,
    );
  }

  /** The open entries of people, by section, and entries by id. */
  concerned(
    peopleBySection: ReadonlyMap<string, readonly string[]>,
    ids: readonly string[],
  ): Query<readonly WaitlistEntry[]> {
    const ofPeople = `(SELECT ${ENTRY} FROM waitlist_entries
       WHERE section_id = ? AND waiting_user_id IN (?))`;
    const named = `(SELECT ${ENTRY} FROM waitlist_entries WHERE id IN (?))`;
    const parts = [...[...peopleBySection].map(() => ofPeople), ...(ids.length > 0 ? [named] : [])];
    if (parts.length === 0) return constantQuery([]);
    return defineQuery(
      parts.join(' UNION '),
      [...[...peopleBySection].flat(), ...(ids.length > 0 ? [ids] : [])],
      (rows: readonly StoredEntry[]) => rows.map(toEntry),
    );
  }

  save(changes: readonly WaitlistChanges[], now: Date): Change[] {
    const rows = changes
      .flatMap(({ joined }) => joined)
      .map((entry) => {
        const isOpen = entry.status === 'WAITING' || entry.status === 'OFFERED';
        return [
          entry.id,
          entry.eventId,
          entry.sectionId,
          entry.userId,
          isOpen ? entry.userId : null,
          entry.quantity,
          entry.seq,
          entry.status,
          entry.holdId,
          entry.createdAt,
          isOpen ? null : now,
        ];
      });
    const offered = changes
      .flatMap(({ offered: entries }) => entries)
      .map(({ id, holdId }) => ({ id, values: ['OFFERED', holdId] }));
    // Ends entries first: a person who leaves may join again in the same batch, with one open entry.
    return [
      ...ENDS.flatMap((end) => {
        const ids = changes.flatMap(({ ended }) => ended[end]);
        const assignments = 'status = ?, waiting_user_id = NULL, hold_id = NULL, ended_at = ?';
        return setOnRows('waitlist_entries', assignments, [end, now], ids);
      }),
      ...updateRowsById('waitlist_entries', ['status', 'hold_id'], offered),
      ...insertRows('waitlist_entries', COLUMNS, rows),
    ];
  }
}

const isAnySize = ({
  minQuantity,
  maxQuantity,
}: Pick<WindowOfSection, 'minQuantity' | 'maxQuantity'>) =>
  minQuantity === 1 && maxQuantity === Infinity;

/** SQL has no Infinity. */
const toLimit = (count: number): number => Math.min(count, Number.MAX_SAFE_INTEGER);

function selectWindow(query: WindowOfSection): string {
  const size = isAnySize(query) ? '' : 'AND quantity BETWEEN ? AND ?';
  return `(SELECT ? AS nth, ${ENTRY} FROM waitlist_entries
     WHERE section_id = ? AND status = 'WAITING' ${size} ORDER BY seq LIMIT ?)`;
}

const toEntry = <Row extends { readonly seq: string }>(
  row: Row,
): Omit<Row, 'seq'> & { seq: number } => ({
  ...row,
  seq: Number(row.seq),
});
