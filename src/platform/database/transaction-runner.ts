import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource } from 'typeorm';
import { newHistogram, SECONDS_BUCKETS } from '../observability/index.js';
import type { ConnectionGate } from './connection-gate.js';
import { databaseErrorFacts, isDiskFull } from './database-errors.js';
import { DEFAULT_RETRY_POLICY, RetryBudget, type RetryPolicy } from './retry-budget.js';
import { type AttemptResult, TransactionAttempt, type WorkResult } from './transaction-attempt.js';
import { databaseUnavailable, lockTimeout, outcomeUnknown } from './transaction-errors.js';
import type { Transaction } from './transaction.js';

/**
 * Finds out whether a transaction was committed whose COMMIT got no response. It receives the result of the
 * work and must first take the same row locks: the server grants them only after the transaction of the
 * lost connection has ended, either way, so the finding is final.
 */
export type Confirmation<T> = (tx: Transaction, result: T) => Promise<boolean>;

/** The confirmation of work that may simply run again: done twice, it has no further effect. */
export const runAgain: Confirmation<unknown> = () => Promise.resolve(false);

export interface RunnerLimits {
  readonly retry: RetryPolicy;
  /** For looking up unknown outcomes, where certainty matters more than speed. */
  readonly confirm: RetryPolicy;
  /** Longer than the lock wait timeout in session.ts, so that the server's own error comes first. */
  readonly leaseMsMax: number;
  /**
   * Whether starting a transaction inside another one throws. Tests find such bugs; the check would slow
   * down every promise of a process in production.
   */
  readonly refusesNesting: boolean;
}

export const DEFAULT_RUNNER_LIMITS: RunnerLimits = {
  retry: DEFAULT_RETRY_POLICY,
  confirm: { attemptsMax: 100, backoffMsBase: 20, backoffMsCap: 500, deadlineMs: 10_000 },
  leaseMsMax: 10_000,
  refusesNesting: true,
};

/** A COMMIT without a response, and without an effect as far as one can see. */
type LostCommit<T> = Extract<AttemptResult<T>, { readonly verdict: 'unknown' }>;

/** The only place that starts, retries and ends transactions. */
export class TransactionRunner {
  /** Only detects nesting: it never carries the transaction. */
  private readonly running: AsyncLocalStorage<string> | undefined;

  /** Counts since the start, for the metrics. */
  readonly counts = { retries: new Map<string, number>(), unknownCommits: 0, givenUp: 0 };

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
   * Runs `work` in a transaction (READ COMMITTED) and commits it. After a deadlock, a lock wait timeout or
   * a lost connection, *all* of it runs again in a new transaction. So `work` must do nothing but SQL on
   * `tx`, have no other side effects, and swallow no database errors.
   *
   * @param name of the work, for messages: `bookings.batch`
   * @param confirm looks up the outcome of a COMMIT without a response; without it, such a COMMIT fails with
   *   `outcome_unknown`
   * @throws {DomainError} `lock_timeout`, `database_unavailable`, `overloaded` (nothing changed), or
   *   `outcome_unknown` (the change may have happened; also if a COMMIT without a response was found to have no effect,
   *   because another node of a cluster may still carry it out)
   * @throws any error of `work` (nothing changed)
   */
  async run<T>(
    name: string,
    work: (tx: Transaction) => Promise<T>,
    confirm?: Confirmation<T>,
  ): Promise<T> {
    this.refuseNesting(name);
    const budget = new RetryBudget(this.limits.retry);
    const lost: LostCommit<T>[] = [];
    for (;;) {
      const attempt = await this.attempt(name, unlessCommitted(lost, confirm, work), 'COMMIT');
      if (attempt.verdict === 'done') return committed(attempt);
      if (attempt.verdict === 'fatal') throw attempt.error;
      if (attempt.verdict === 'unknown') {
        if (await this.wasCommitted(name, attempt, confirm)) return committed(attempt);
        lost.push(attempt);
      }
      if (await this.mayRetry(budget, attempt.error)) continue;
      throw lost[0] === undefined ? gaveUp(attempt) : outcomeUnknown(lost[0].error);
    }
  }

  private attempt<T>(
    name: string,
    work: (tx: Transaction) => Promise<T>,
    end: 'COMMIT' | 'ROLLBACK',
  ): Promise<AttemptResult<T>> {
    const { leaseMsMax } = this.limits;
    const { lockWaits } = this;
    return this.gate.run(() =>
      this.detectingNesting(name, () =>
        new TransactionAttempt(this.dataSource).run(work, { end, leaseMsMax, lockWaits }),
      ),
    );
  }

  private async wasCommitted<T>(
    name: string,
    unknown: { readonly error: unknown; readonly result: T },
    confirm: Confirmation<T> | undefined,
  ): Promise<boolean> {
    this.counts.unknownCommits += 1;
    if (confirm === undefined) throw outcomeUnknown(unknown.error);
    const budget = new RetryBudget(this.limits.confirm);
    for (;;) {
      const lookup = await this.lookUp(`${name}.confirm`, (tx) => confirm(tx, unknown.result));
      if (lookup.verdict === 'done') return lookup.result;
      if (lookup.verdict === 'fatal' || !(await budget.spendOne())) {
        throw outcomeUnknown(unknown.error);
      }
    }
  }

  /** A lookup changes nothing, so any error is a reason to repeat it, even a refusal at the gate. */
  private async lookUp(
    name: string,
    query: (tx: Transaction) => Promise<boolean>,
  ): Promise<AttemptResult<boolean>> {
    try {
      return await this.attempt(name, query, 'ROLLBACK');
    } catch (error) {
      return { verdict: 'retry', error };
    }
  }

  private async mayRetry(budget: RetryBudget, error: unknown): Promise<boolean> {
    const facts = databaseErrorFacts(error);
    const reason = String(facts?.errno ?? facts?.code ?? 'other');
    this.counts.retries.set(reason, (this.counts.retries.get(reason) ?? 0) + 1);
    // Another attempt at once would fill the disk again; MariaDB 10.11 may even abort.
    if (!isDiskFull(error) && (await budget.spendOne())) return true;
    this.counts.givenUp += 1;
    return false;
  }

  private detectingNesting<T>(name: string, attempt: () => Promise<T>): Promise<T> {
    return this.running === undefined ? attempt() : this.running.run(name, attempt);
  }

  private refuseNesting(name: string): void {
    const outer = this.running?.getStore();
    if (outer === undefined) return;
    throw new Error(`Transaction "${name}" was started inside "${outer}": pass on its tx instead`);
  }
}

const gaveUp = ({ verdict, error }: Exclude<AttemptResult<unknown>, { verdict: 'done' }>): Error =>
  verdict === 'retry' ? lockTimeout(error) : databaseUnavailable(error);

/**
 * The work, unless an earlier attempt turns out to be committed. The finding of before is final on one server. On
 * another node of a cluster, the locks of that server do not count: there, what the earlier attempt has committed since is
 * found now, or else its COMMIT conflicts with this one.
 */
function unlessCommitted<T>(
  lost: readonly WorkResult<T>[],
  confirm: Confirmation<T> | undefined,
  work: (tx: Transaction) => Promise<T>,
): (tx: Transaction) => Promise<T> {
  return async (tx) => {
    for (const { result, commitCallbacks } of lost) {
      if (!(await confirm!(tx, result))) continue;
      for (const callback of commitCallbacks) tx.afterCommit(callback);
      return result;
    }
    return work(tx);
  };
}

function committed<T>({ result, commitCallbacks }: WorkResult<T>): T {
  for (const callback of commitCallbacks) callback();
  return result;
}
