import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource } from 'typeorm';
import { newHistogram, SECONDS_BUCKETS } from '../observability/index.js';
import type { ConnectionGate } from './connection-gate.js';
import { databaseErrorFacts } from './database-errors.js';
import { DEFAULT_RETRY_POLICY, RetryBudget, type RetryPolicy } from './retry-budget.js';
import { type AttemptEnd, TransactionAttempt, type Worked } from './transaction-attempt.js';
import { databaseUnavailable, lockTimeout, outcomeUnknown } from './transaction-errors.js';
import type { Transaction } from './transaction.js';

/**
 * Finds out whether a transaction whose COMMIT went unanswered has happened. It is given what the
 * work returned and must first take the same row locks as the work did: only when the lost
 * connection's transaction has ended, either way, are they granted, which makes the answer final.
 */
export type Confirmation<T> = (tx: Transaction, result: T) => Promise<boolean>;

export interface RunnerLimits {
  readonly retry: RetryPolicy;
  /** While an outcome is unknown, context on is worth more than answering fast. */
  readonly settle: RetryPolicy;
  /** Longer than the lock wait of session.ts, so that the server's own verdict comes first. */
  readonly silenceMsMax: number;
  /**
   * Whether a transaction begun inside another one throws. It is a mistake of the code, which tests
   * find; watching for it in production would slow every promise of the process.
   */
  readonly refusesNesting: boolean;
}

export const DEFAULT_RUNNER_LIMITS: RunnerLimits = {
  retry: DEFAULT_RETRY_POLICY,
  settle: { attemptsMax: 100, backoffMsBase: 20, backoffMsCap: 500, deadlineMs: 10_000 },
  silenceMsMax: 10_000,
  refusesNesting: true,
};

/** The only place that opens, repeats and ends transactions. */
export class TransactionRunner {
  /** A tripwire only: it never carries the transaction. */
  private readonly running: AsyncLocalStorage<string> | undefined;

  /** What happened since the start, for the metrics. */
  readonly counts = { retries: new Map<string, number>(), unknownCommits: 0, givenUp: 0 };

  /** Seconds until the first packet of a transaction, which locks, was answered. */
  readonly lockWaits = newHistogram({
    name: 'rowlock_lock_wait_seconds',
    help: 'Duration of the first packet of a transaction: it takes the locks, and waits for their holders',
    buckets: SECONDS_BUCKETS,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly gate: ConnectionGate,
    private readonly limits: RunnerLimits = DEFAULT_RUNNER_LIMITS,
  ) {
    if (limits.refusesNesting) this.running = new AsyncLocalStorage();
  }

  /**
   * Runs `work` in a transaction (READ COMMITTED) and commits it. A deadlock, a lock wait timeout
   * or a lost connection makes the *whole* of it run again in a new transaction, so `work` does
   * nothing but SQL on `tx`, changes nothing outside itself, and swallows no database error.
   *
   * @param name of the work, for messages and metrics: `bookings.batch`
   * @param confirm settles a COMMIT whose answer never came; without it such a COMMIT ends in
   *   `outcome_unknown`
   * @throws {DomainError} `lock_timeout`, `database_unavailable`, `overloaded` (nothing changed),
   *   `outcome_unknown` (it may have), or whatever `work` threw (nothing changed)
   */
  async run<T>(
    name: string,
    work: (tx: Transaction) => Promise<T>,
    confirm?: Confirmation<T>,
  ): Promise<T> {
    this.refuseNesting(name);
    const budget = new RetryBudget(this.limits.retry);
    for (;;) {
      const end = await this.attempt(name, work, 'COMMIT');
      if (end.verdict === 'done') return committed(end);
      if (end.verdict === 'fatal') throw end.error;
      if (end.verdict === 'unknown' && (await this.hasHappened(name, end, confirm))) {
        return committed(end);
      }
      await this.goOnOrGiveUp(budget, end);
    }
  }

  private attempt<T>(
    name: string,
    work: (tx: Transaction) => Promise<T>,
    end: 'COMMIT' | 'ROLLBACK',
  ): Promise<AttemptEnd<T>> {
    const { silenceMsMax } = this.limits;
    const { lockWaits } = this;
    return this.gate.pass(() =>
      this.marked(name, () =>
        new TransactionAttempt(this.dataSource).make(work, { end, silenceMsMax, lockWaits }),
      ),
    );
  }

  private async hasHappened<T>(
    name: string,
    unknown: { readonly error: unknown; readonly result: T },
    confirm: Confirmation<T> | undefined,
  ): Promise<boolean> {
    this.counts.unknownCommits += 1;
    if (confirm === undefined) throw outcomeUnknown(unknown.error);
    const budget = new RetryBudget(this.limits.settle);
    for (;;) {
      const asked = await this.ask(`${name}.confirm`, (tx) => confirm(tx, unknown.result));
      if (asked.verdict === 'done') return asked.result;
      if (asked.verdict === 'fatal' || !(await budget.spendOne())) {
        throw outcomeUnknown(unknown.error);
      }
    }
  }

  /** Asking changes nothing, so even being refused at the gate is only a reason to ask again. */
  private async ask(
    name: string,
    question: (tx: Transaction) => Promise<boolean>,
  ): Promise<AttemptEnd<boolean>> {
    try {
      return await this.attempt(name, question, 'ROLLBACK');
    } catch (error) {
      return { verdict: 'retry', error };
    }
  }

  private async goOnOrGiveUp(
    budget: RetryBudget,
    end: Exclude<AttemptEnd<unknown>, { verdict: 'done' }>,
  ): Promise<void> {
    const facts = databaseErrorFacts(end.error);
    const reason = String(facts?.errno ?? facts?.code ?? 'other');
    this.counts.retries.set(reason, (this.counts.retries.get(reason) ?? 0) + 1);
    if (await budget.spendOne()) return;
    this.counts.givenUp += 1;
    throw end.verdict === 'retry' ? lockTimeout(end.error) : databaseUnavailable(end.error);
  }

  private marked<T>(name: string, attempt: () => Promise<T>): Promise<T> {
    return this.running === undefined ? attempt() : this.running.run(name, attempt);
  }

  private refuseNesting(name: string): void {
    const outer = this.running?.getStore();
    if (outer === undefined) return;
    throw new Error(`Transaction "${name}" was begun inside "${outer}": pass its tx on instead`);
  }
}

function committed<T>({ result, consequences }: Worked<T>): T {
  for (const consequence of consequences) consequence();
  return result;
}
