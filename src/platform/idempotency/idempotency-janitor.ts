import { Injectable } from '@nestjs/common';
import { TransactionRunner, type WriteResult } from '../database/index.js';
import { PeriodicWorkers } from '../workers/index.js';

const KEPT_HOURS = 24;
const EVERY_MS = 10 * 60_000;
const ROWS_PER_TRANSACTION = 1_000;

/** Deletes idempotency keys after a day, in small transactions, so that no lock is held for long. */
@Injectable()
export class IdempotencyJanitor {
  constructor(
    private readonly transactions: TransactionRunner,
    workers: PeriodicWorkers,
  ) {
    const failure = 'Expired idempotency keys could not be deleted';
    const options = { name: 'idempotency_janitor', everyMs: EVERY_MS, failure };
    workers.add(options, ({ signal }) => this.sweep(signal));
  }

  /**
   * @param stop ends the sweep after the transaction at hand: a backlog must not delay a shutdown
   * @returns the number of keys deleted
   */
  async sweep(stop?: AbortSignal): Promise<number> {
    let deleted = 0;
    for (;;) {
      const { affectedRows } = await this.transactions.run('idempotency.sweep', (tx) =>
        tx.query<WriteResult>(
          `DELETE FROM idempotency_keys WHERE created_at < UTC_TIMESTAMP(3) - INTERVAL ${KEPT_HOURS} HOUR
            ORDER BY created_at LIMIT ?`,
          [ROWS_PER_TRANSACTION],
        ),
      );
      deleted += affectedRows;
      if (affectedRows < ROWS_PER_TRANSACTION || stop?.aborted === true) return deleted;
    }
  }
}
