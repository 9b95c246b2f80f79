import { ConnectionLease, ResponseTimeoutError } from './connection-lease.js';
import { databaseErrorFacts, isTimeLimit, verdictOn } from './database-errors.js';
import type { ReadPool } from './read-pool.js';
import { DEFAULT_RETRY_POLICY, RetryBudget } from './retry-budget.js';
import { toSqlText } from './sql-text.js';
import type { Query } from './statement.js';
import { databaseUnavailable, readTimeout } from './transaction-errors.js';

/** The server ends a query at its time limit; if there is still no answer this much later, the server is lost. */
const GRACE_MS = 2_000;

/** In one round trip. */
const BEGIN_SNAPSHOT = `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
START TRANSACTION READ ONLY`;

export type Ask = <Row>(sql: string, parameters: readonly unknown[]) => Promise<Row[]>;

type ReadWork<T> = (query: Ask) => Promise<T>;

/**
 * Runs short queries outside transactions: a few rows, found by an index. They change nothing, so every
 * transient error is retried, unless the query may still be running.
 */
export class DatabaseReader {
  constructor(protected readonly pool: ReadPool) {}

  /** @throws {DomainError} `database_unavailable`, `read_timeout` or `overloaded` */
  async run<Result>({ statement, read }: Query<Result>): Promise<Result> {
    if (statement === undefined) return read([]);
    return read(await this.query<never>(statement.sql, statement.parameters));
  }

  /**
   * @returns the rows
   * @throws {DomainError} `database_unavailable`, `read_timeout` or `overloaded`
   */
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    return this.attempt((query) => query<Row>(sql, parameters));
  }

  protected async attempt<T>(work: ReadWork<T>): Promise<T> {
    const budget = new RetryBudget(DEFAULT_RETRY_POLICY);
    for (;;) {
      const attempt = new ReadAttempt(this.pool);
      try {
        return await this.admit(() => attempt.run(work));
      } catch (error) {
        if (isTimeLimit(error)) throw readTimeout(error);
        if (verdictOn(error, attempt.isSent ? 'body' : 'acquire') === 'fatal') throw error;
        if (this.mayStillRun(attempt, error)) throw databaseUnavailable(error);
        if (!(await budget.spendOne())) throw databaseUnavailable(error);
      }
    }
  }

  protected admit<T>(work: () => Promise<T>): Promise<T> {
    return this.pool.gate.run(work);
  }

  /** A short query whose connection broke has ended before its second attempt begins. */
  protected mayStillRun({ isSent }: ReadAttempt, error: unknown): boolean {
    return isSent && error instanceof ResponseTimeoutError;
  }
}

/**
 * Runs queries whose work grows with the data: lists, positions, audits. Only some of the connections serve
 * them, so short queries never wait behind them.
 */
export class BulkReader extends DatabaseReader {
  /**
   * Runs queries on the same snapshot of the database.
   *
   * @throws {DomainError} `database_unavailable`, `read_timeout` or `overloaded`
   */
  inSnapshot<T>(work: ReadWork<T>): Promise<T> {
    return this.attempt(async (query) => {
      await query(BEGIN_SNAPSHOT, []);
      const result = await work(query);
      await query('COMMIT', []);
      return result;
    });
  }

  protected override admit<T>(work: () => Promise<T>): Promise<T> {
    return this.pool.bulkGate.run(() => super.admit(work));
  }

  /** A server does not notice that a connection is lost while it runs a query on it. */
  protected override mayStillRun({ isSent }: ReadAttempt, error: unknown): boolean {
    return isSent && databaseErrorFacts(error)?.connectionLost === true;
  }
}

/** The connection of the commit probe: otherwise many slow reads would look like a database that cannot commit. */
export class ProbeConnection extends DatabaseReader {
  protected override admit<T>(work: () => Promise<T>): Promise<T> {
    return this.pool.probeGate.run(work);
  }
}

class ReadAttempt {
  private queries = 0;

  constructor(private readonly pool: ReadPool) {}

  /** Whether the server may have got a query. */
  get isSent(): boolean {
    return this.queries > 0;
  }

  async run<T>(work: ReadWork<T>): Promise<T> {
    const { dataSource, readMsMax } = this.pool;
    // The last query begins before the limit, and takes no longer than it.
    const lease = new ConnectionLease(dataSource, 2 * readMsMax + GRACE_MS);
    const result = async (): Promise<T> => {
      await lease.acquire();
      const since = performance.now();
      return work(async (sql, parameters) => {
        if (performance.now() - since > readMsMax) throw readTimeout(undefined);
        this.queries += 1;
        return lease.query(toSqlText({ sql, parameters }));
      });
    };
    try {
      return await lease.inTime(result());
    } catch (error) {
      // Otherwise the connection may be lost, or its snapshot still open.
      const isReusable = isTimeLimit(error) && this.queries === 1;
      if (!isReusable) lease.destroy();
      throw error;
    } finally {
      await lease.release();
    }
  }
}
