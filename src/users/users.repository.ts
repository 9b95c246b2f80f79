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

/** A person as far as a booking needs him; `isNew` if there is no row of him yet. */
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
   * Finds people; who is not known yet gets an id, but no row.
   *
   * @returns by name (`nameOf`), one for each asked for
   */
  resolve(
    people: readonly Person[],
    newId: () => string,
  ): Query<ReadonlyMap<string, ResolvedUser>> {
    if (people.length === 0) return constantQuery(new Map());
    // A range of one index for each organiser: a list of pairs would be none on every engine.
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
   * Writes the rows of new people. In the order of their names: two batches that name the same
   * two newcomers then wait for each other in line instead of in a circle. Overtaken if another
   * transaction made one of them in between.
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
 * By `nameOf`, without making names while rows are locked: ids of organisers are all of one length. Letters are
 * compared by their codes, so that every instance has the same order, whatever its language.
 */
function byName(a: Person, b: Person): number {
  if (a.organiserId !== b.organiserId) return a.organiserId < b.organiserId ? -1 : 1;
  if (a.identifier === b.identifier) return 0;
  return a.identifier < b.identifier ? -1 : 1;
}

const isKnownByNow = (error: unknown): boolean => isDuplicateKey(error, 'uq_users_identifier');
