import { Injectable } from '@nestjs/common';
import {
  constantQuery,
  type Change,
  insertRows,
  isDuplicateKey,
  type Query,
  defineQuery,
} from '../platform/database/index.js';
import { groupBy } from '../platform/common/index.js';
import { nameOf, type Person } from './person.js';

/** The part of a person that bookings need; `isNew` if they have no row yet. */
export interface ResolvedUser extends Person {
  readonly id: string;
  readonly isNew: boolean;
}

interface UserRow extends Person {
  readonly id: string;
}

@Injectable()
export class UsersRepository {
  /**
   * Finds people; new ones get an id, but no row yet.
   *
   * @returns one per person, by name (`nameOf`)
   */
  resolve(
    people: readonly Person[],
    newId: () => string,
  ): Query<ReadonlyMap<string, ResolvedUser>> {
    if (people.length === 0) return constantQuery(new Map());
    // One index range per organiser: not every engine uses the index for a list of pairs.
    const byOrganiser = [...groupBy(people, ({ organiserId }) => organiserId)];
    const own = '(organiser_id = ? AND identifier IN (?))';
    return defineQuery(
      `SELECT id, organiser_id AS organiserId, identifier FROM users
        WHERE ${byOrganiser.map(() => own).join(' OR ')}`,
      byOrganiser.flatMap(([id, theirs]) => [id, theirs.map(({ identifier }) => identifier)]),
      (rows: readonly UserRow[]) => {
        const users = new Map(rows.map((row) => [nameOf(row), { ...row, isNew: false }]));
        for (const { organiserId, identifier } of people) {
          const name = nameOf({ organiserId, identifier });
          if (users.has(name)) continue;
          users.set(name, { id: newId(), organiserId, identifier, isNew: true });
        }
        return users;
      },
    );
  }

  /**
   * Inserts the rows of new people in a fixed order, so that two batches with the same new people cannot
   * deadlock. Overtaken if another transaction inserted one of them in the meantime.
   */
  insert(users: readonly ResolvedUser[], now: Date): Change[] {
    const rows = users
      .toSorted(byName)
      .map((user) => [user.id, user.organiserId, user.identifier, now]);
    const columns = ['id', 'organiser_id', 'identifier', 'created_at'];
    return insertRows('users', columns, rows, isKnownByNow);
  }
}

/**
 * The order of `nameOf`, without building names while rows are locked: organiser ids all have the same length.
 * Compares code units, so that every instance has the same order, whatever its locale.
 */
function byName(a: Person, b: Person): number {
  if (a.organiserId !== b.organiserId) return a.organiserId < b.organiserId ? -1 : 1;
  if (a.identifier === b.identifier) return 0;
  return a.identifier < b.identifier ? -1 : 1;
}

const isKnownByNow = (error: unknown): boolean => isDuplicateKey(error, 'uq_users_identifier');
