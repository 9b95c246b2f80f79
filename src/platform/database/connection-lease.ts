import type { PoolConnection } from 'mysql2';
import type { DataSource, QueryRunner } from 'typeorm';
import { prepareSession } from './session.js';

class ServerSilentError extends Error {
  /** Lets database-errors.ts see a lost connection. */
  readonly fatal = true;
}

/**
 * A connection of the pool, lent for one piece of work. mysql2 waits for an answer without end, and
 * destroy() does not end the wait either: it never calls back what is under way. So whatever the
 * server has to answer is awaited through `hear`.
 */
export class ConnectionLease {
  readonly queryRunner: QueryRunner;
  private connection: PoolConnection | undefined;
  private isOver = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly silence: Promise<never>;

  /** @param silenceMsMax after which a server that has not let us finish is taken for lost */
  constructor(dataSource: DataSource, silenceMsMax: number) {
    this.queryRunner = dataSource.createQueryRunner();
    this.silence = new Promise((_, reject) => {
      this.timer = setTimeout(() => {
        this.destroy();
        reject(new ServerSilentError(`no answer from the database for ${silenceMsMax} ms`));
      }, silenceMsMax);
    });
    this.silence.catch(() => undefined);
  }

  /** Takes the connection from the pool, with our session settings. */
  async take(): Promise<void> {
    const connection = (await this.queryRunner.connect()) as PoolConnection;
    this.connection = connection;
    // It came after the end of the lease: nobody would give it back.
    if (this.isOver) connection.destroy();
    else await prepareSession(this.queryRunner, connection);
  }

  /** @throws {ServerSilentError} if the answer does not come; the connection is destroyed then */
  hear<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.silence]);
  }

  /** The connection does not go back to the pool. */
  destroy(): void {
    this.connection?.destroy();
  }

  /** Gives the connection back, unless it was destroyed. */
  async end(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.timer);
    await this.queryRunner.release();
  }
}
