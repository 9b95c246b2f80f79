import { Injectable } from '@nestjs/common';
import {
  type Change,
  insertRows,
  type Query,
  defineQuery,
  setOnRows,
  updateRowsById,
} from '../../platform/database/index.js';
import {
  PRICE_COLUMNS,
  priceValues,
  selectPrice,
  type StoredPrice,
  toPrice,
} from './price-columns.js';
import { saveSeats } from './seats.repository.js';
import type { SeatChange } from '../core/state/seats.js';
import { LockedSection, type Sales, type SectionRow } from '../core/state/locked-section.js';
import type { Price } from '../core/state/price.js';
import type { SectionRules } from '../core/state/section-rules.js';

/** The first statement of every transaction that changes places: it orders them. */
export const LOCK_SECTIONS = `
  SELECT id, event_id AS eventId, first_section_id AS firstSectionId, sales, is_seated AS isSeated, capacity, booked, held, available,
         bookings, waiting, last_seq AS lastSeq, version, holds_expire_at AS holdsExpireAt,
         max_per_booking AS maxPerBooking, max_per_person AS maxPerPerson,
         waitlist_enabled AS waitlistEnabled, waitlist_max AS waitlistMax, fit, mode,
         offer_ttl_seconds AS offerTtlSeconds, counted_version <=> version AS isWaitlistCounted,
         ${selectPrice('sections')}
    FROM sections WHERE id IN (?) ORDER BY id FOR UPDATE`;

/** Columns that nearly every batch changes. */
const COUNTERS = [
  'booked',
  'held',
  'available',
  'bookings',
  'waiting',
  'last_seq',
  'version',
  'holds_expire_at',
  'counted_version',
];

/** Columns that an organiser changes. */
const SETTINGS = [
  'sales',
  'capacity',
  'max_per_booking',
  'max_per_person',
  'waitlist_enabled',
  'waitlist_max',
  'fit',
  'mode',
  'offer_ttl_seconds',
];

/** The driver returns BIGINTs as text (counts of changes, far below 2^53) and booleans as 0 or 1. */
type StoredSectionRow = Omit<SectionRow, 'lastSeq' | 'version' | 'isSeated' | 'rules' | 'price'> &
  StoredPrice &
  Omit<SectionRules, 'waitlistEnabled'> & {
    readonly lastSeq: string;
    readonly version: string;
    readonly isSeated: number;
    readonly waitlistEnabled: number;
    /** MySQL's comparisons are BIGINTs. */
    readonly isWaitlistCounted: number | string;
  };

/** An event, as an organiser sees it: those of others do not exist. */
export interface EventOfOrganiser {
  readonly organiserId: string;
  readonly eventId: string;
}

export interface NewSection {
  readonly id: string;
  readonly eventId: string;
  readonly organiserId: string;
  readonly firstSectionId: string | null;
  readonly name: string;
  readonly sales: Sales;
  readonly capacity: number;
  readonly isSeated: boolean;
  readonly price: Price | null;
  readonly rules: SectionRules;
  readonly createdAt: Date;
}

@Injectable()
export class SectionsRepository {
  /**
   * Locks sections, always by ascending id, so that no two batches deadlock.
   *
   * @returns by id; sections that do not exist are missing
   */
  lock(ids: readonly string[]): Query<ReadonlyMap<string, LockedSection>> {
    const sorted = [...new Set(ids)].sort();
    return defineQuery(
      LOCK_SECTIONS,
      [sorted],
      (rows: readonly StoredSectionRow[]) => new Map(rows.map((row) => [row.id, toSection(row)])),
    );
  }

  /**
   * Writes the sections that changed, each row in one statement (CHECK constraints apply to each), and
   * their seats.
   */
  save(sections: readonly LockedSection[], seats: readonly SeatChange[]): Change[] {
    const changed = sections.filter((section) => section.isChanged);
    const configured = changed.filter((section) => section.hasNewSettings);
    const counted = changed.filter((section) => !section.hasNewSettings);
    return [
      ...saveSeats(seats),
      ...updateRowsById(
        'sections',
        COUNTERS,
        counted.map(({ row }) => ({ id: row.id, values: countersOf(row) })),
      ),
      ...updateRowsById(
        'sections',
        [...COUNTERS, ...SETTINGS],
        configured.map(({ row }) => {
          return { id: row.id, values: [...countersOf(row), ...settingsOf(row)] };
        }),
      ),
    ];
  }

  /** Counts batches of other sections that relied on the locks of these for a limit. */
  countLimitLocks(ids: readonly string[]): Change[] {
    return setOnRows('sections', 'limit_turns = limit_turns + 1', [], ids);
  }

  /** New sections, with all their places available. */
  insert(sections: readonly NewSection[]): Change[] {
    const rows = sections.map((section) => [
      section.id,
      section.eventId,
      section.organiserId,
      section.firstSectionId,
      section.name,
      Number(section.isSeated),
      ...priceValues(section.price),
      section.createdAt,
      section.capacity,
      ...ZEROS.map(() => 0),
      ...settingsOf(section),
    ]);
    return insertRows('sections', [...ORIGIN, 'available', ...ZEROS, ...SETTINGS], rows);
  }

  /** Writes new names and prices. */
  saveTexts(
    texts: readonly { readonly id: string; readonly name: string; readonly price: Price | null }[],
  ): Change[] {
    const rows = texts.map(({ id, name, price }) => ({
      id,
      values: [name, ...priceValues(price)],
    }));
    return updateRowsById('sections', ['name', ...PRICE_COLUMNS], rows);
  }

  /** Sets the capacities that sections are still to be raised to; null means none. */
  saveCapacityWanted(
    capacities: readonly { readonly id: string; readonly capacity: number | null }[],
  ): Change[] {
    const rows = capacities.map(({ id, capacity }) => ({ id, values: [capacity] }));
    return updateRowsById('sections', ['capacity_wanted'], rows);
  }

  /** The capacity that a section is still to be raised to; null if none. */
  capacityWanted(id: string): Query<number | null> {
    return defineQuery(
      'SELECT capacity_wanted AS capacity FROM sections WHERE id = ?',
      [id],
      (rows: readonly { readonly capacity: number | null }[]) => rows[0]!.capacity,
    );
  }

  /** Ids of an event's sections, the first one first; none if the organiser has no such event. */
  idsOf({ organiserId, eventId }: EventOfOrganiser): Query<readonly string[]> {
    return defineQuery(
      `SELECT id FROM sections WHERE event_id = ? AND organiser_id = ?
        ORDER BY first_section_id IS NOT NULL, id`,
      [eventId, organiserId],
      (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id),
    );
  }
}

/** Columns that never change, and texts. */
const ORIGIN = [
  'id',
  'event_id',
  'organiser_id',
  'first_section_id',
  'name',
  'is_seated',
  ...PRICE_COLUMNS,
  'created_at',
];

const ZEROS = ['booked', 'held', 'bookings', 'waiting', 'last_seq', 'version', 'counted_version'];

const countersOf = (row: SectionRow): unknown[] => [
  row.booked,
  row.held,
  row.available,
  row.bookings,
  row.waiting,
  row.lastSeq,
  row.version,
  row.holdsExpireAt,
  // waitlist-counts.ts counts what the batch has changed.
  row.version,
];

const settingsOf = ({
  sales,
  capacity,
  rules,
}: Pick<SectionRow, 'sales' | 'capacity' | 'rules'>): unknown[] => [
  sales,
  capacity,
  rules.maxPerBooking,
  rules.maxPerPerson,
  Number(rules.waitlistEnabled),
  rules.waitlistMax,
  rules.fit,
  rules.mode,
  rules.offerTtlSeconds,
];

function toSection(stored: StoredSectionRow): LockedSection {
  const { maxPerBooking, maxPerPerson, waitlistEnabled, waitlistMax, ...others } = stored;
  const { fit, mode, offerTtlSeconds, isWaitlistCounted, priceAmount, priceCurrency, ...row } =
    others;
  const section: SectionRow = {
    ...row,
    isSeated: row.isSeated === 1,
    rules: {
      maxPerBooking,
      maxPerPerson,
      waitlistEnabled: waitlistEnabled === 1,
      waitlistMax,
      fit,
      mode,
      offerTtlSeconds,
    },
    price: toPrice({ priceAmount, priceCurrency }),
    lastSeq: Number(row.lastSeq),
    version: Number(row.version),
  };
  return new LockedSection(section, Number(isWaitlistCounted) === 1);
}
