import type { DataSource } from 'typeorm';
import type { Histogram } from '../observability/index.js';
import { ConnectionLease } from './connection-lease.js';
import { type Stage, type Verdict, verdictOn } from './database-errors.js';
import { Transaction } from './transaction.js';
import { StaleReadError } from './transaction-errors.js';

/** The result of the work, and the callbacks it registered for after the commit. */
export interface WorkResult<T> {
  readonly result: T;
  readonly commitCallbacks: readonly (() => void)[];
}

export type AttemptResult<T> =
  | ({ readonly verdict: 'done' } & WorkResult<T>)
  | ({ readonly verdict: 'unknown'; readonly error: unknown } & WorkResult<T>)
  | { readonly verdict: Exclude<Verdict, 'unknown'>; readonly error: unknown };

export interface AttemptOptions {
  /** `ROLLBACK` for work that only reads: it releases the locks, and cannot have an unknown outcome. */
  readonly end: 'COMMIT' | 'ROLLBACK';
  /** After this time, the server is considered lost. */
  readonly leaseMsMax: number;
  /** Observes the seconds of the first packet. */
  readonly lockWaits: Histogram<never>;
}

/** One attempt at a transaction: begin, work, COMMIT or ROLLBACK. Errors become a verdict and are never thrown. */
export class TransactionAttempt {
  private stage: Stage = 'acquire';

  constructor(private readonly dataSource: DataSource) {}

  async run<T>(
    work: (tx: Transaction) => Promise<T>,
    { end, leaseMsMax, lockWaits }: AttemptOptions,
  ): Promise<AttemptResult<T>> {
    const lease = new ConnectionLease(this.dataSource, leaseMsMax);
    let finished: WorkResult<T> | undefined;
    const doWork = async (): Promise<boolean> => {
      const tx = new Transaction(lease, lockWaits);
      finished = { result: await work(tx), commitCallbacks: tx.commitCallbacks };
      return tx.isBegun;
    };
    try {
      await lease.inTime(this.workAndEnd(lease, doWork, end));
      return { verdict: 'done', ...finished! };
    } catch (error) {
      return await this.abort<T>(lease, error, finished);
    } finally {
      await lease.release();
    }
  }

  /** @param doWork returns whether it began a transaction */
  private async workAndEnd(
    lease: ConnectionLease,
    doWork: () => Promise<boolean>,
    end: AttemptOptions['end'],
  ): Promise<void> {
    await lease.acquire();
    this.stage = 'body';
    if (!(await doWork())) return;
    this.stage = end === 'COMMIT' ? 'commit' : 'rollback';
    await lease.query(end);
  }

  /**
   * Leaves no transaction open. An error of COMMIT or ROLLBACK destroys the connection: back in the pool
   * with its transaction open, the next START TRANSACTION on it would commit work that was reported
   * as failed.
   */
  private async abort<T>(
    lease: ConnectionLease,
    error: unknown,
    finished: WorkResult<T> | undefined,
  ): Promise<AttemptResult<T>> {
    const verdict = error instanceof StaleReadError ? 'retry' : verdictOn(error, this.stage);
    const isReusable = this.stage === 'body' && verdict !== 'reconnect' && verdict !== 'unknown';
    if (!isReusable || !(await this.rollBack(lease))) lease.destroy();
    // Only COMMIT can have an unknown outcome, and by then the work has finished.
    if (verdict === 'unknown') return { verdict, error, ...finished! };
    return { verdict, error };
  }

  private async rollBack(lease: ConnectionLease): Promise<boolean> {
    this.stage = 'rollback';
    try {
      await lease.inTime(lease.query('ROLLBACK'));
      return true;
    } catch {
      return false;
    }
  }
}
