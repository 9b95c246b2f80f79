import { Injectable } from '@nestjs/common';
import { Reads } from '../platform/index.js';

/** Reads outside transactions. */
@Injectable()
export class UsersQueries {
  constructor(private readonly reads: Reads) {}

  /** Who goes by a normalised identifier; undefined if nobody does. */
  async idOf(identifier: string): Promise<string | undefined> {
    const rows = await this.reads.query<{ readonly id: string }>(
      'SELECT id FROM users WHERE identifier = ?',
      [identifier],
    );
    return rows[0]?.id;
  }
}
