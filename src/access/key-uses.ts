import { Injectable } from '@nestjs/common';
import { PeriodicWorkers } from '../platform/workers/index.js';
import { TransactionRunner, executeAll } from '../platform/database/index.js';
import { KeysRepository } from './keys.repository.js';

const EVERY_MS = 30_000;
/** As many as KeyRing caches: while the database is unavailable, this set must not grow further. */
const KEYS_MAX = 10_000;

/** Records when keys were last used. Uses are collected and written in batches: no request waits for it. */
@Injectable()
export class KeyUses {
  private unwritten = new Set<string>();

  constructor(
    private readonly repository: KeysRepository,
    private readonly transactions: TransactionRunner,
    workers: PeriodicWorkers,
  ) {
    const failure = 'The last use of keys could not be written';
    workers.add({ name: 'key_uses', everyMs: EVERY_MS, failure, runsOnStop: true }, () =>
      this.write(),
    );
  }

  record(keyId: string): void {
    this.unwritten.add(keyId);
  }

  async write(): Promise<void> {
    if (this.unwritten.size === 0) return;
    const ids = [...this.unwritten];
    this.unwritten = new Set();
    try {
      await this.transactions.run('keys.used', (tx) =>
        executeAll(tx, [this.repository.updateLastUse(ids)]),
      );
    } catch (error) {
      this.putBack(ids);
      throw error;
    }
  }

  /** Written late, a use gets a time later than its own; that is better than none. */
  private putBack(ids: readonly string[]): void {
    for (const id of ids.slice(0, KEYS_MAX - this.unwritten.size)) this.unwritten.add(id);
  }
}
