import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '../platform/database/index.js';
import type { Person } from './person.js';

/** Reads outside transactions. */
@Injectable()
export class UsersQueries {
  constructor(private readonly reads: DatabaseReader) {}

  /** Who goes by a normalised identifier with an organiser; undefined if nobody does. */
  async idOf({ organiserId, identifier }: Person): Promise<string | undefined> {
    const rows = await this.reads.query<{ readonly id: string }>(
      'SELECT id FROM users WHERE organiser_id = ? AND identifier = ?',
      [organiserId, identifier],
    );
    return rows[0]?.id;
  }
}
