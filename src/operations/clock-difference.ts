import { Injectable } from '@nestjs/common';
import { withTimeout } from '../platform/common/index.js';
import { CoalescedReads, DatabaseReader, READ_AT } from '../platform/database/index.js';

const READ_MS_MAX = 1_000;

interface Row {
  readonly readAt: Date;
}

/** Compares the clock of this instance with the database's, which decides. */
@Injectable()
export class ClockDifference {
  private readonly reads: CoalescedReads<number>;

  constructor(reads: DatabaseReader) {
    this.reads = new CoalescedReads(async (sql) => {
      const sentAt = Date.now();
      const [row] = await reads.query<Row>(sql, []);
      return Math.round((sentAt + Date.now()) / 2 - row!.readAt.getTime());
    });
  }

  /** By how many milliseconds this instance is ahead; null if the database does not say. */
  async ahead(): Promise<number | null> {
    const read = this.reads.get(`SELECT ${READ_AT}`);
    return withTimeout(read, READ_MS_MAX, () => null).catch(() => null);
  }
}
