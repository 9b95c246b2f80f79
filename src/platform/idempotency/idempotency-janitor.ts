import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { TransactionRunner, type WriteResult } from '../database/index.js';
import { type Runs, WorkerRuns } from '../observability/index.js';
import { describeError } from '../logging/index.js';
import { Clock } from '../common/index.js';

const KEPT_HOURS = 24;
const SWEEP_MS = 10 * 60_000;
const ROWS_PER_SWEEP = 1_000;

/** Forgets idempotency keys after a day, a few at a time, so that no lock is held for long. */
@Injectable()
export class IdempotencyJanitor implements OnModuleInit, OnModuleDestroy {
  private readonly runs: Runs;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
    private readonly log: PinoLogger,
    workers: WorkerRuns,
  ) {
    this.runs = workers.of('idempotency_janitor');
  }

  onModuleInit(): void {
    this.timer = setInterval(() => void this.sweepAndReport(), SWEEP_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** @returns the number of keys forgotten */
  async sweep(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEPT_HOURS * 3_600_000);
    let forgotten = 0;
    for (;;) {
      const { affectedRows } = await this.transactions.run('idempotency.sweep', (tx) =>
        tx.query<WriteResult>(
          'DELETE FROM idempotency_keys WHERE created_at < ? ORDER BY created_at LIMIT ?',
          [before, ROWS_PER_SWEEP],
        ),
      );
      forgotten += affectedRows;
      if (affectedRows < ROWS_PER_SWEEP) return forgotten;
    }
  }

  private async sweepAndReport(): Promise<void> {
    try {
      await this.sweep();
      this.runs.succeeded += 1;
    } catch (error) {
      this.runs.failed += 1;
      this.log.warn({ error: describeError(error) }, 'Old idempotency keys could not be forgotten');
    }
  }
}
