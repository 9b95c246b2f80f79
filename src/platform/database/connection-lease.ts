import type { PoolConnection } from 'mysql2';
import type { DataSource, QueryRunner } from 'typeorm';
import { destroyConnection } from './session-pool.js';

export class ResponseTimeoutError extends Error {
  /** Makes database-errors.ts treat it as a lost connection. */
  readonly fatal = true;
}

/**
 * A connection of the pool, leased for one piece of work. mysql2 waits for a response forever, and destroy()
 * does not end that wait either: pending callbacks are never called. So every wait for the server goes
 * through `inTime`.
 */
export class ConnectionLease {
  private readonly queryRunner: QueryRunner;
  private connection: PoolConnection | undefined;
  private isReleased = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly timeout: Promise<never>;

  /** @param leaseMsMax after this time without a release, the server is considered lost */
  constructor(
    readonly dataSource: DataSource,
    leaseMsMax: number,
  ) {
    this.queryRunner = dataSource.createQueryRunner();
    this.timeout = new Promise((_, reject) => {
      this.timer = setTimeout(() => {
        this.destroy();
        reject(new ResponseTimeoutError(`no answer from the database for ${leaseMsMax} ms`));
      }, leaseMsMax);
    });
    this.timeout.catch(() => undefined);
  }

  /** Takes a connection from the pool. */
  async acquire(): Promise<void> {
    const connection = (await this.queryRunner.connect()) as PoolConnection;
    this.connection = connection;
    // It arrived after the release, so nothing else would return it to the pool.
    if (this.isReleased) destroyConnection(connection);
  }

  /**
   * Sends SQL straight through mysql2: for a short query, TypeORM's query runner takes as much time as all else.
   *
   * @returns rows, or what else the statement results in; a list of those for several statements
   */
  query<Result>(sql: string): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.connection!.query(sql, (error, result) => {
        if (error === null) resolve(result as Result);
        else reject(error);
      });
    });
  }

  /** @throws {ResponseTimeoutError} if there is no response in time; the connection is destroyed then */
  inTime<T>(response: Promise<T>): Promise<T> {
    return Promise.race([response, this.timeout]);
  }

  /** Closes the connection instead of returning it to the pool. */
  destroy(): void {
    if (this.connection !== undefined) destroyConnection(this.connection);
  }

  /** Returns the connection to the pool unless it was destroyed. */
  async release(): Promise<void> {
    this.isReleased = true;
    clearTimeout(this.timer);
    await this.queryRunner.release();
  }
}
