import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '../platform/database/index.js';
import type { Person } from './person.js';

/** Reads outside transactions. */
@Injectable()
export class UsersQueries {
  constructor(private readonly reads: DatabaseReader) {}

  /** The user with an organiser's normalised identifier; undefined if there is none. */
  async idOf({ organiserId, identifier }: Person): Promise<string | undefined> {
    const rows = await this.reads.query<{ readonly id: string }>(
      'SELECT id FROM users WHERE organiser_id = ? AND identifier = ?',
      [organiserId, identifier],
    );
    return rows[0]?.id;
  }
}
