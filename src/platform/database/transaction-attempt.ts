import type { PoolConnection } from 'mysql2';
import type { DataSource, QueryRunner } from 'typeorm';
import { type Stage, type Verdict, verdictOn } from './database-errors.js';
import { connectPrepared } from './session.js';
import type { Transaction } from './transaction.js';
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

class ServerSilentError extends Error {
  /** Lets database-errors.ts see a lost connection. */
  readonly fatal = true;
}

/** One transaction, once: begin, the work, COMMIT or ROLLBACK. Never throws; tells how it ended. */
export class TransactionAttempt {
  private stage: Stage = 'acquire';
  private connection: PoolConnection | undefined;
  private readonly queryRunner: QueryRunner;

  constructor(dataSource: DataSource) {
    this.queryRunner = dataSource.createQueryRunner();
  }

  async make<T>(
    work: (tx: Transaction) => Promise<T>,
    options: AttemptOptions,
  ): Promise<AttemptEnd<T>> {
    const silence = this.watchForSilence(options.silenceMsMax);
    let result: T | undefined;
    try {
      const finished = this.pass(work, options.end, (value) => (result = value));
      await Promise.race([finished, silence.broken]);
      return { verdict: 'done', result: result as T };
    } catch (error) {
      return await this.undo<T>(error, result as T);
    } finally {
      silence.stop();
      await this.queryRunner.release();
    }
  }

  private async pass<T>(
    work: (tx: Transaction) => Promise<T>,
    end: AttemptOptions['end'],
    keep: (value: T) => void,
  ): Promise<void> {
    this.connection = await connectPrepared(this.queryRunner);
    this.stage = 'begin';
    await this.queryRunner.startTransaction();
    this.stage = 'body';
    keep(await work(this.queryRunner.manager as unknown as Transaction));
    this.stage = end === 'COMMIT' ? 'commit' : 'rollback';
    if (end === 'COMMIT') await this.queryRunner.commitTransaction();
    else await this.queryRunner.rollbackTransaction();
  }

  /**
   * Leaves nothing open behind. Any error from COMMIT or ROLLBACK destroys the connection: given
   * back to the pool with its transaction open, the next START TRANSACTION on it would commit what
   * the caller was told had failed.
   */
  private async undo<T>(error: unknown, result: T): Promise<AttemptEnd<T>> {
    const verdict = error instanceof OvertakenError ? 'retry' : verdictOn(error, this.stage);
    const mayGoBack = this.stage === 'body' && verdict !== 'reconnect' && verdict !== 'unknown';
    if (!mayGoBack || !(await this.rollBack())) this.connection?.destroy();
    if (verdict === 'unknown') return { verdict, error, result };
    return { verdict, error };
  }

  private async rollBack(): Promise<boolean> {
    this.stage = 'rollback';
    try {
      await this.queryRunner.rollbackTransaction();
      return true;
    } catch {
      return false;
    }
  }

  private watchForSilence(silenceMsMax: number): { broken: Promise<never>; stop: () => void } {
    let timer: NodeJS.Timeout | undefined;
    const broken = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.connection?.destroy();
        reject(new ServerSilentError(`no answer from the database for ${silenceMsMax} ms`));
      }, silenceMsMax);
    });
    broken.catch(() => undefined);
    return { broken, stop: () => clearTimeout(timer) };
  }
}
