import type { PoolConnection } from 'mysql2';
import type { DataSource, QueryRunner } from 'typeorm';

/**
 * Every transaction relies on these, whatever the server's defaults are. They are set once per connection
 * instead of once per transaction, which saves a round trip under load.
 */
const SESSION_SETTINGS = [
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  // A host that loses power closes no connection, so the server itself must release its locks. The timeout is
  // longer than the pool keeps an idle connection (60 s).
  `SET SESSION innodb_lock_wait_timeout = 3, wait_timeout = 90, time_zone = '+00:00',
    autocommit = 1, completion_type = 'NO_CHAIN', sql_select_limit = 18446744073709551615,
    sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
  // A time limit is for reads, which set their own (read-pool.ts).
  'SET SESSION /*!50708 max_execution_time = 0 */ /*M! max_statement_time = 0 */',
];

const prepared = new WeakSet<PoolConnection>();

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

  /**
   * @param leaseMsMax after this time without a release, the server is considered lost
   * @param settings more session settings, the same for all connections of the pool
   */
  constructor(
    readonly dataSource: DataSource,
    leaseMsMax: number,
    private readonly settings: readonly string[] = [],
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

  /** Takes a connection from the pool and applies our session settings. */
  async acquire(): Promise<void> {
    const connection = (await this.queryRunner.connect()) as PoolConnection;
    this.connection = connection;
    // It arrived after the release, so nothing else would return it to the pool.
    if (this.isReleased) connection.destroy();
    else await this.prepareSession(connection);
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

  /** Applies our session settings to a pooled connection, once. */
  private async prepareSession(connection: PoolConnection): Promise<void> {
    if (prepared.has(connection)) return;
    for (const statement of [...SESSION_SETTINGS, ...this.settings]) {
      await this.query(statement);
    }
    prepared.add(connection);
  }

  /** @throws {ResponseTimeoutError} if there is no response in time; the connection is destroyed then */
  inTime<T>(response: Promise<T>): Promise<T> {
    return Promise.race([response, this.timeout]);
  }

  /** Closes the connection instead of returning it to the pool. */
  destroy(): void {
    this.connection?.destroy();
  }

  /** Returns the connection to the pool unless it was destroyed. */
  async release(): Promise<void> {
    this.isReleased = true;
    clearTimeout(this.timer);
    await this.queryRunner.release();
  }
}
