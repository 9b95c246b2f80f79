import type { DataSource } from 'typeorm';
import { ConnectionLease } from './connection-lease.js';
import { type Stage, type Verdict, verdictOn } from './database-errors.js';
import { Transaction } from './transaction.js';
import { OvertakenError } from './transaction-errors.js';

/** How one attempt ended. `result` is there if the work itself came to its end. */
export type AttemptEnd<T> =
  | { readonly verdict: 'done'; readonly result: T }
  | { readonly verdict: 'unknown'; readonly error: unknown; readonly result: T }
  | { readonly verdict: Exclude<Verdict, 'unknown'>; readonly error: unknown };

export interface AttemptOptions {
  /** `ROLLBACK` for work that only looks: its locks end and no COMMIT can go wrong. */
  readonly end: 'COMMIT' | 'ROLLBACK';
  /** A server that answers nothing for this long is taken for lost. */
  readonly silenceMsMax: number;
}

/** One transaction, once: begin, the work, COMMIT or ROLLBACK. Never throws; tells how it ended. */
export class TransactionAttempt {
  private stage: Stage = 'acquire';

  constructor(private readonly dataSource: DataSource) {}

  async make<T>(
    work: (tx: Transaction) => Promise<T>,
    { end, silenceMsMax }: AttemptOptions,
  ): Promise<AttemptEnd<T>> {
    const lease = new ConnectionLease(this.dataSource, silenceMsMax);
    let result: T | undefined;
    try {
      await lease.hear(this.pass(lease, work, end, (value) => (result = value)));
      return { verdict: 'done', result: result as T };
    } catch (error) {
      return await this.undo<T>(lease, error, result as T);
    } finally {
      await lease.end();
    }
  }

  private async pass<T>(
    lease: ConnectionLease,
    work: (tx: Transaction) => Promise<T>,
    end: AttemptOptions['end'],
    keep: (value: T) => void,
  ): Promise<void> {
    await lease.take();
    this.stage = 'body';
    const tx = new Transaction(lease.queryRunner);
    keep(await work(tx));
    if (!tx.isBegun) return;
    this.stage = end === 'COMMIT' ? 'commit' : 'rollback';
    await lease.queryRunner.query(end);
  }

  /**
   * Leaves nothing open behind. Any error from COMMIT or ROLLBACK destroys the connection: given
   * back to the pool with its transaction open, the next START TRANSACTION on it would commit what
   * the caller was told had failed.
   */
  private async undo<T>(lease: ConnectionLease, error: unknown, result: T): Promise<AttemptEnd<T>> {
    const verdict = error instanceof OvertakenError ? 'retry' : verdictOn(error, this.stage);
    const mayGoBack = this.stage === 'body' && verdict !== 'reconnect' && verdict !== 'unknown';
    if (!mayGoBack || !(await this.rollBack(lease))) lease.destroy();
    if (verdict === 'unknown') return { verdict, error, result };
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
