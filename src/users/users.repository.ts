import { Injectable } from '@nestjs/common';
import { insertRows, isDuplicateKey, OvertakenError, type Transaction } from '../platform/index.js';

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
  async findOrName(
    tx: Transaction,
    identifiers: readonly string[],
    newId: () => string,
  ): Promise<ReadonlyMap<string, KnownUser>> {
    const wanted = [...new Set(identifiers)];
    if (wanted.length === 0) return new Map();
    const rows = await tx.query<UserRow[]>(
      'SELECT id, identifier FROM users WHERE identifier IN (?)',
      [wanted],
    );
    const users = new Map(rows.map((row) => [row.identifier, { ...row, isNew: false }]));
    for (const identifier of wanted) {
      if (!users.has(identifier)) users.set(identifier, { id: newId(), identifier, isNew: true });
    }
    return users;
  }

  /**
   * Writes the rows of new people. In the order of their identifiers: two batches that name the same
   * two newcomers then wait for each other in line instead of in a circle.
   *
   * @throws {OvertakenError} if another transaction made one of them in between
   */
  async insert(tx: Transaction, users: readonly KnownUser[], now: Date): Promise<void> {
    const rows = users
      .toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1))
      .map((user) => [user.id, user.identifier, now]);
    try {
      await insertRows(tx, 'users', ['id', 'identifier', 'created_at'], rows);
    } catch (error) {
      if (isDuplicateKey(error, 'uq_users_identifier')) throw new OvertakenError(error);
      throw error;
    }
  }
}
