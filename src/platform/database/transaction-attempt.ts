import type { DataSource } from 'typeorm';
import type { Histogram } from '../observability/index.js';
import { ConnectionLease } from './connection-lease.js';
import { type Stage, type Verdict, verdictOn } from './database-errors.js';
import { Transaction } from './transaction.js';
import { StaleReadError } from './transaction-errors.js';

/** What the work came to. */
export interface Worked<T> {
  readonly result: T;
  /** To be done once it is known to be committed. */
  readonly consequences: readonly (() => void)[];
}

/** How one attempt ended. */
export type AttemptEnd<T> =
  | ({ readonly verdict: 'done' } & Worked<T>)
  | ({ readonly verdict: 'unknown'; readonly error: unknown } & Worked<T>)
  | { readonly verdict: Exclude<Verdict, 'unknown'>; readonly error: unknown };

export interface AttemptOptions {
  /** `ROLLBACK` for work that only looks: its locks end and no COMMIT can go wrong. */
  readonly end: 'COMMIT' | 'ROLLBACK';
  /** A server that answers nothing for this long is taken for lost. */
  readonly silenceMsMax: number;
  /** Takes the seconds of the first packet. */
  readonly lockWaits: Histogram<never>;
}

/** One transaction, once: begin, the work, COMMIT or ROLLBACK. Never throws; tells how it ended. */
export class TransactionAttempt {
  private stage: Stage = 'acquire';

  constructor(private readonly dataSource: DataSource) {}

  async make<T>(
    work: (tx: Transaction) => Promise<T>,
    { end, silenceMsMax, lockWaits }: AttemptOptions,
  ): Promise<AttemptEnd<T>> {
    const lease = new ConnectionLease(this.dataSource, silenceMsMax);
    let worked: Worked<T> | undefined;
    const doWork = async (): Promise<boolean> => {
      const tx = new Transaction(lease.queryRunner, lockWaits);
      worked = { result: await work(tx), consequences: tx.consequences };
      return tx.isBegun;
    };
    try {
      await lease.hear(this.pass(lease, doWork, end));
      return { verdict: 'done', ...worked! };
    } catch (error) {
      return await this.undo<T>(lease, error, worked);
    } finally {
      await lease.end();
    }
  }

  /** @param doWork answers whether there is anything to end */
  private async pass(
    lease: ConnectionLease,
    doWork: () => Promise<boolean>,
    end: AttemptOptions['end'],
  ): Promise<void> {
    await lease.take();
    this.stage = 'body';
    if (!(await doWork())) return;
    this.stage = end === 'COMMIT' ? 'commit' : 'rollback';
    await lease.queryRunner.query(end);
  }

  /**
   * Leaves nothing open behind. Any error from COMMIT or ROLLBACK destroys the connection: given
   * back to the pool with its transaction open, the next START TRANSACTION on it would commit what
   * the caller was told had failed.
   */
  private async undo<T>(
    lease: ConnectionLease,
    error: unknown,
    worked: Worked<T> | undefined,
  ): Promise<AttemptEnd<T>> {
    const verdict = error instanceof StaleReadError ? 'retry' : verdictOn(error, this.stage);
    const mayGoBack = this.stage === 'body' && verdict !== 'reconnect' && verdict !== 'unknown';
    if (!mayGoBack || !(await this.rollBack(lease))) lease.destroy();
    // Only COMMIT comes to an unknown end, and the work has come to its own before.
    if (verdict === 'unknown') return { verdict, error, ...worked! };
    return { verdict, error };
  }

  private async rollBack(lease: ConnectionLease): Promise<boolean> {
    this.stage = 'rollback';
    try {
      await lease.hear(lease.queryRunner.query('ROLLBACK'));
      return true;
    } catch {
      return false;
    }
  }
}
