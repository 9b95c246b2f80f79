import { Injectable } from '@nestjs/common';
import {
  type PeopleOfEvent,
  placesQuery,
  type PlacesOfPerson,
} from './person-allocations.repository.js';
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
import type { WaitlistChanges } from '../core/waitlist/waitlist.js';

const ENTRY = `id, event_id AS eventId, section_id AS sectionId, user_id AS userId, quantity, seq,
  status, hold_id AS holdId, created_at AS createdAt`;

type StoredEntry = Omit<WaitlistEntry, 'seq'> & { readonly seq: string };

/** The first entries of a section's line that want so many places. */
export interface WaitlistWindowQuery {
  readonly sectionId: string;
  readonly minQuantity: number;
  readonly maxQuantity: number;
  readonly count: number;
}

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

/** Quantities are below this: what is compared with it is not compared at all. */
const ANY_QUANTITY = 4_294_967_295;

/** SQL of the line. All of it under the lock of the sections concerned. */
@Injectable()
export class WaitlistRepository {
  /**
   * Parts of several lines, in one query.
   *
   * @returns for each of those wanted its entries, by seq
   */
  windows(wanted: readonly WaitlistWindowQuery[]): Query<readonly (readonly WaitingEntry[])[]> {
    if (wanted.length === 0) return constantQuery([]);
    return defineQuery(
      wanted.map(selectWindow).join(' UNION ALL '),
      wanted.flatMap(({ sectionId, minQuantity, maxQuantity, count }, nth) =>
        isAnySize({ minQuantity, maxQuantity })
          ? [nth, sectionId, limitOf(count)]
          : [nth, sectionId, minQuantity, Math.min(maxQuantity, ANY_QUANTITY), limitOf(count)],
      ),
      (rows: readonly (StoredEntry & { readonly nth: number })[]) => {
        const windows = wanted.map((): WaitingEntry[] => []);
        for (const { nth, status: _, holdId: __, ...row } of rows) windows[nth]!.push(toEntry(row));
        for (const window of windows) window.sort((a, b) => a.seq - b.seq);
        return windows;
      },
    );
  }

  /** Which numbers of places are waited for in each section. */
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

  /** The open entries of certain people, each in a certain section, and entries by their ids. */
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

  /** Places waited for. */
  placesOf(wanted: readonly PeopleOfEvent[]): Query<readonly PlacesOfPerson[]> {
    return placesQuery(wanted, {
      table: 'waitlist_entries',
      condition: "status = 'WAITING'",
      parameters: [],
      index: 'uq_waitlist_waiting_person',
      person: 'waiting_user_id',
    });
  }

  save(lines: readonly WaitlistChanges[], now: Date): Change[] {
    const joined = lines.flatMap((line) => line.joined);
    const rows = joined.map((entry) => {
      const isOpen = entry.ended === undefined || entry.ended === 'OFFERED';
      return [
        entry.id,
        entry.eventId,
        entry.sectionId,
        entry.userId,
        isOpen ? entry.userId : null,
        entry.quantity,
        entry.seq,
        entry.ended ?? 'WAITING',
        entry.holdId,
        entry.createdAt,
        isOpen ? null : now,
      ];
    });
    const offers = lines.flatMap((line) => line.offered);
    const offered = offers.map(({ id, holdId }) => ({ id, values: ['OFFERED', holdId] }));
    // First who stops waiting: he may join again in the same batch, and waits once at a time.
    return [
      ...ENDS.flatMap((end) => {
        const ids = lines.flatMap((line) => line.ended[end]);
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
}: Pick<WaitlistWindowQuery, 'minQuantity' | 'maxQuantity'>) =>
  minQuantity === 1 && maxQuantity === Infinity;

/** SQL knows no infinity. */
const limitOf = (count: number): number => Math.min(count, Number.MAX_SAFE_INTEGER);

function selectWindow(wanted: WaitlistWindowQuery): string {
  const size = isAnySize(wanted) ? '' : 'AND quantity BETWEEN ? AND ?';
  return `(SELECT ? AS nth, ${ENTRY} FROM waitlist_entries
     WHERE section_id = ? AND status = 'WAITING' ${size} ORDER BY seq LIMIT ?)`;
}

const toEntry = <Row extends { readonly seq: string }>(
  row: Row,
): Omit<Row, 'seq'> & { seq: number } => ({
  ...row,
  seq: Number(row.seq),
});
