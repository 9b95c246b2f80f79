import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Clock } from '../platform/common/index.js';
import { describeError } from '../platform/logging/index.js';
import { type Runs, WorkerRuns } from '../platform/observability/index.js';
import { TransactionRunner, executeAll } from '../platform/database/index.js';
import { KeysRepository } from './keys.repository.js';

const WRITE_MS = 30_000;
/** As many as a key ring knows: what is not written down for long takes no more memory. */
const KEYS_MAX = 10_000;

/** Remembers which keys were used, and writes it down now and then: no request waits for that. */
@Injectable()
export class KeyUses implements OnModuleInit, OnModuleDestroy {
  private used = new Set<string>();
  private readonly runs: Runs;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: KeysRepository,
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
    private readonly log: PinoLogger,
    workers: WorkerRuns,
  ) {
    this.runs = workers.of('key_uses');
  }

  onModuleInit(): void {
    this.timer = setInterval(() => void this.writeAndReport(), WRITE_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.writeAndReport();
  }

  note(id: string): void {
    this.used.add(id);
  }

  private async writeAndReport(): Promise<void> {
    if (this.used.size === 0) return;
    const ids = [...this.used];
    this.used = new Set();
    try {
      await this.transactions.run('keys.used', (tx) =>
        executeAll(tx, [this.repository.noteUse(ids, this.clock.now())]),
      );
      this.runs.succeeded += 1;
    } catch (error) {
      this.runs.failed += 1;
      this.putBack(ids);
      this.log.warn({ error: describeError(error) }, 'The last use of keys could not be written');
    }
  }

  /** Written down late they seem to be used later than they were, and never unused. */
  private putBack(ids: readonly string[]): void {
    for (const id of ids.slice(0, KEYS_MAX - this.used.size)) this.used.add(id);
  }
}
