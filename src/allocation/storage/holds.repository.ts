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
} from '../../platform/database/index.js';
import { groupBy } from '../../platform/common/index.js';
import { byExpiry, type Hold, type HoldChanges, type HoldEnd } from '../core/state/holds.js';

/** A hold as its row has it; its seats have rows of their own. */
export type HoldRow = Omit<Hold, 'seatIds'>;

const HOLD = `id, event_id AS eventId, section_id AS sectionId, user_id AS userId, quantity, status,
  waitlist_entry_id AS waitlistEntryId, expires_at AS expiresAt, created_at AS createdAt`;

const COLUMNS = [
  'id',
  'event_id',
  'section_id',
  'user_id',
  'quantity',
  'status',
  'waitlist_entry_id',
  'expires_at',
  'created_at',
  'ended_at',
];

/** In the order in which they expire, without sorting, however many there are. */
const IN_ORDER = `FROM holds FORCE INDEX (ix_holds_expiry) WHERE section_id = ? AND status = 'HELD'`;

const ENDS: readonly HoldEnd[] = ['CONFIRMED', 'RELEASED', 'EXPIRED'];

/** SQL of holds. All of it under the lock of the sections concerned. */
@Injectable()
export class HoldsRepository {
  /** Holds by their ids, in whatever state. */
  named(ids: readonly string[]): Query<readonly HoldRow[]> {
    if (ids.length === 0) return constantQuery([]);
    return defineQuery(
      `SELECT ${HOLD} FROM holds WHERE id IN (?)`,
      [ids],
      (rows: readonly HoldRow[]) => rows,
    );
  }

  /**
   * Holds of certain sections whose time is over and which nobody has ended: of each section the
   * first so many, in the order in which they expired.
   */
  overdue(
    sectionIds: readonly string[],
    now: Date,
    countMax: number,
  ): Query<readonly (readonly HoldRow[])[]> {
    if (sectionIds.length === 0) return constantQuery([]);
    const ofOne = `(SELECT ${HOLD} ${IN_ORDER} AND expires_at <= ? ORDER BY expires_at, id LIMIT ?)`;
    return defineQuery(
      sectionIds.map(() => ofOne).join(' UNION ALL '),
      sectionIds.flatMap((id) => [id, now, countMax]),
      (rows: readonly HoldRow[]) => {
        const bySection = groupBy(rows, ({ sectionId }) => sectionId);
        return [...bySection.values()].map((own) => [...own].sort(byExpiry));
      },
    );
  }

  /** When the next hold of each section expires, by section; null if none is held after now. */
  nextExpiry(sectionIds: readonly string[], now: Date): Query<ReadonlyMap<string, Date | null>> {
    if (sectionIds.length === 0) return constantQuery(new Map<string, Date | null>());
    const ofOne = `(SELECT section_id AS sectionId, expires_at AS expiresAt ${IN_ORDER}
      AND expires_at > ? ORDER BY expires_at LIMIT 1)`;
    return defineQuery(
      sectionIds.map(() => ofOne).join(' UNION ALL '),
      sectionIds.flatMap((id) => [id, now]),
      (rows: readonly { readonly sectionId: string; readonly expiresAt: Date }[]) => {
        const found = new Map(rows.map(({ sectionId, expiresAt }) => [sectionId, expiresAt]));
        return new Map(sectionIds.map((id) => [id, found.get(id) ?? null]));
      },
    );
  }

  /** Held places; what is over counts no more, whether or not anybody has noticed. */
  placesOf(wanted: readonly PeopleOfEvent[], now: Date): Query<readonly PlacesOfPerson[]> {
    const condition = "status = 'HELD' AND expires_at > ?";
    return placesQuery(wanted, { table: 'holds', condition, parameters: [now] });
  }

  /** Some holds of certain sections that are HELD and not overdue. */
  someHeld(sectionIds: readonly string[], countMax: number, now: Date): Query<readonly HoldRow[]> {
    if (sectionIds.length === 0) return constantQuery([]);
    return defineQuery(
      `SELECT ${HOLD} FROM holds
        WHERE section_id IN (?) AND status = 'HELD' AND expires_at > ? LIMIT ?`,
      [sectionIds, now, countMax],
      (rows: readonly HoldRow[]) => rows,
    );
  }

  save(changes: readonly HoldChanges[], now: Date): Change[] {
    const made = changes.flatMap((one) => one.made);
    const rows = made.map((hold) => [
      hold.id,
      hold.eventId,
      hold.sectionId,
      hold.userId,
      hold.quantity,
      hold.status,
      hold.waitlistEntryId,
      hold.expiresAt,
      hold.createdAt,
      hold.status === 'HELD' ? null : now,
    ]);
    return [
      ...insertRows('holds', COLUMNS, rows),
      ...ENDS.flatMap((end) => {
        const ids = changes.flatMap((one) => one.ended[end]);
        return setOnRows('holds', 'status = ?, ended_at = ?', [end, now], ids);
      }),
    ];
  }
}
