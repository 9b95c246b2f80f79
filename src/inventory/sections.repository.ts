import { Injectable } from '@nestjs/common';
import {
  type Change,
  insertRows,
  type Question,
  question,
  updateRowsById,
} from '../platform/index.js';
import { LockedSection, type SectionRow } from './core/locked-section.js';

/** The first statement of every transaction that touches places: it decides who goes first. */
export const LOCK_SECTIONS = `
  SELECT id, event_id AS eventId, sales, capacity, booked, held, available, bookings, waiting,
         last_seq AS lastSeq, version
    FROM sections WHERE id IN (?) ORDER BY id FOR UPDATE`;

/** Columns that commands change; capacity, name and sales have verbs of their own. */
const COUNTERS = ['booked', 'held', 'available', 'bookings', 'waiting', 'last_seq', 'version'];

/** BIGINTs arrive as text. Ours count changes and entries: they stay far below 2^53. */
type StoredSection = Omit<SectionRow, 'lastSeq' | 'version'> & {
  readonly lastSeq: string;
  readonly version: string;
};

export interface NewSection {
  readonly id: string;
  readonly eventId: string;
  readonly name: string;
  readonly capacity: number;
  readonly now: Date;
}

@Injectable()
export class SectionsRepository {
  /**
   * Locks sections, always by ascending id, so that two batches cannot wait for each other.
   *
   * @returns by id; sections that do not exist are missing
   */
  lock(ids: readonly string[]): Question<ReadonlyMap<string, LockedSection>> {
    const sorted = [...new Set(ids)].sort();
    return question(
      LOCK_SECTIONS,
      [sorted],
      (rows: readonly StoredSection[]) => new Map(rows.map((row) => [row.id, toSection(row)])),
    );
  }

  /** Writes back the counters of those that changed. */
  save(sections: readonly LockedSection[]): Change[] {
    const rows = sections
      .filter((section) => section.isChanged)
      .map(({ now }) => ({
        id: now.id,
        values: [
          now.booked,
          now.held,
          now.available,
          now.bookings,
          now.waiting,
          now.lastSeq,
          now.version,
        ],
      }));
    return updateRowsById('sections', COUNTERS, rows);
  }

  /** Opens new sections for sale, with all their places available. */
  insert(sections: readonly NewSection[]): Change[] {
    const columns = ['id', 'event_id', 'name', 'capacity', 'available', 'created_at'];
    const zero = ['booked', 'held', 'bookings', 'waiting', 'last_seq', 'version'];
    const rows = sections.map(({ id, eventId, name, capacity, now }) => [
      id,
      eventId,
      name,
      capacity,
      capacity,
      now,
      'OPEN',
      ...zero.map(() => 0),
    ]);
    return insertRows('sections', [...columns, 'sales', ...zero], rows);
  }
}

const toSection = (row: StoredSection): LockedSection =>
  new LockedSection({ ...row, lastSeq: Number(row.lastSeq), version: Number(row.version) });
