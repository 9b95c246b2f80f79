import { Injectable } from '@nestjs/common';
import {
  constantQuery,
  type Change,
  insertRows,
  type Query,
  defineQuery,
  setOnRows,
} from '../../platform/database/index.js';
import { groupBy } from '../../platform/common/index.js';
import {
  PRICE_COLUMNS,
  priceValues,
  selectPrice,
  type StoredPrice,
  withPrice,
} from './price-columns.js';
import { byExpiry, type Hold, type HoldChanges, type HoldEnd } from '../core/state/holds.js';

/** A hold without its seats, which have rows of their own. */
export type HoldRow = Omit<Hold, 'seatIds'>;

export type StoredHold = Omit<HoldRow, 'price'> & StoredPrice;

const HOLD = `id, event_id AS eventId, section_id AS sectionId, user_id AS userId, quantity, status,
  waitlist_entry_id AS waitlistEntryId, expires_at AS expiresAt, created_at AS createdAt,
  ${selectPrice('holds')}`;

const COLUMNS = [
  'id',
  'event_id',
  'section_id',
  'user_id',
  'quantity',
  'status',
  ...PRICE_COLUMNS,
  'waitlist_entry_id',
  'expires_at',
  'created_at',
  'ended_at',
];

/** In order of expiry without a sort: the index is in this order. */
const BY_EXPIRY = `FROM holds FORCE INDEX (ix_holds_expiry) WHERE section_id = ? AND status = 'HELD'`;

const ENDS: readonly HoldEnd[] = ['CONFIRMED', 'RELEASED', 'EXPIRED'];

/** SQL on holds, under the locks of their sections. */
@Injectable()
export class HoldsRepository {
  /** Holds by id, in any status. */
  named(ids: readonly string[]): Query<readonly HoldRow[]> {
    if (ids.length === 0) return constantQuery([]);
    return defineQuery(`SELECT ${HOLD} FROM holds WHERE id IN (?)`, [ids], toHolds);
  }

  /** For each section, its first overdue holds that are still HELD, by expiry. */
  overdue(
    sectionIds: readonly string[],
    now: Date,
    countMax: number,
  ): Query<readonly (readonly HoldRow[])[]> {
    if (sectionIds.length === 0) return constantQuery([]);
    const ofSection = `(SELECT ${HOLD} ${BY_EXPIRY} AND expires_at <= ? ORDER BY expires_at, id LIMIT ?)`;
    return defineQuery(
      sectionIds.map(() => ofSection).join(' UNION ALL '),
      sectionIds.flatMap((id) => [id, now, countMax]),
      (rows: readonly StoredHold[]) => {
        const bySection = groupBy(toHolds(rows), ({ sectionId }) => sectionId);
        return [...bySection.values()].map((holds) => holds.toSorted(byExpiry));
      },
    );
  }

  /** By section, when the next hold expires; null if none is HELD after now. */
  nextExpiry(sectionIds: readonly string[], now: Date): Query<ReadonlyMap<string, Date | null>> {
    if (sectionIds.length === 0) return constantQuery(new Map<string, Date | null>());
    const ofSection = `(SELECT section_id AS sectionId, expires_at AS expiresAt ${BY_EXPIRY}
      AND expires_at > ? ORDER BY expires_at LIMIT 1)`;
    return defineQuery(
      sectionIds.map(() => ofSection).join(' UNION ALL '),
      sectionIds.flatMap((id) => [id, now]),
      (rows: readonly { readonly sectionId: string; readonly expiresAt: Date }[]) => {
        const expiries = new Map(rows.map(({ sectionId, expiresAt }) => [sectionId, expiresAt]));
        return new Map(sectionIds.map((id) => [id, expiries.get(id) ?? null]));
      },
    );
  }

  /** Some holds of the sections that are HELD and not overdue. */
  someHeld(sectionIds: readonly string[], countMax: number, now: Date): Query<readonly HoldRow[]> {
    if (sectionIds.length === 0) return constantQuery([]);
    return defineQuery(
      `SELECT ${HOLD} FROM holds
        WHERE section_id IN (?) AND status = 'HELD' AND expires_at > ? LIMIT ?`,
      [sectionIds, now, countMax],
      toHolds,
    );
  }

  save(changes: readonly HoldChanges[], now: Date): Change[] {
    const rows = changes
      .flatMap(({ added }) => added)
      .map((hold) => [
        hold.id,
        hold.eventId,
        hold.sectionId,
        hold.userId,
        hold.quantity,
        hold.status,
        ...priceValues(hold.price),
        hold.waitlistEntryId,
        hold.expiresAt,
        hold.createdAt,
        hold.status === 'HELD' ? null : now,
      ]);
    return [
      ...insertRows('holds', COLUMNS, rows),
      ...ENDS.flatMap((end) => {
        const ids = changes.flatMap(({ ended }) => ended[end]);
        return setOnRows('holds', 'status = ?, ended_at = ?', [end, now], ids);
      }),
    ];
  }
}

const toHolds = (rows: readonly StoredHold[]): readonly HoldRow[] => rows.map(withPrice);
