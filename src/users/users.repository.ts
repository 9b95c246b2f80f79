import { Injectable } from '@nestjs/common';
import {
  answered,
  type Change,
  insertRows,
  isDuplicateKey,
  type Question,
  question,
} from '../platform/index.js';

/** A person as far as a booking needs him; `isNew` if there is no row of him yet. */
export interface KnownUser {
  readonly id: string;
  readonly identifier: string;
  readonly isNew: boolean;
}

interface UserRow {
  readonly id: string;
  readonly identifier: string;
}

@Injectable()
export class UsersRepository {
  /**
   * Finds the people behind normalised identifiers; who is not known yet gets an id, but no row.
   *
   * @returns by identifier, one for each asked for
   */
  findOrName(
    identifiers: readonly string[],
    newId: () => string,
  ): Question<ReadonlyMap<string, KnownUser>> {
    const wanted = [...new Set(identifiers)];
    if (wanted.length === 0) return answered(new Map());
    return question(
      'SELECT id, identifier FROM users WHERE identifier IN (?)',
      [wanted],
      (rows: readonly UserRow[]) => {
        const users = new Map(rows.map((row) => [row.identifier, { ...row, isNew: false }]));
        for (const identifier of wanted) {
          if (users.has(identifier)) continue;
          users.set(identifier, { id: newId(), identifier, isNew: true });
        }
        return users;
      },
    );
  }

  /**
   * Writes the rows of new people. In the order of their identifiers: two batches that name the same
   * two newcomers then wait for each other in line instead of in a circle. Overtaken if another
   * transaction made one of them in between.
   */
  insert(users: readonly KnownUser[], now: Date): Change[] {
    const rows = users
      .toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1))
      .map((user) => [user.id, user.identifier, now]);
    return insertRows('users', ['id', 'identifier', 'created_at'], rows, isKnownByNow);
  }
}

const isKnownByNow = (error: unknown): boolean => isDuplicateKey(error, 'uq_users_identifier');
