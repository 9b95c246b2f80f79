import type { DataSource } from 'typeorm';
import type { ConnectionGate } from './connection-gate.js';
import { ConnectionLease } from './connection-lease.js';
import { verdictOn } from './database-errors.js';
import { RetryBudget } from './retry-budget.js';
import type { Query } from './statement.js';
import { databaseUnavailable } from './transaction-errors.js';
import { DEFAULT_RUNNER_LIMITS, type RunnerLimits } from './transaction-runner.js';

/** Runs queries outside transactions. They change nothing, so every transient error is retried. */
export class DatabaseReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly gate: ConnectionGate,
    private readonly limits: Pick<RunnerLimits, 'retry' | 'leaseMsMax'> = DEFAULT_RUNNER_LIMITS,
  ) {}

  /** @throws {DomainError} `database_unavailable` or `overloaded` */
  async run<Result>({ statement, read }: Query<Result>): Promise<Result> {
    if (statement === undefined) return read([]);
    return read(await this.query<never>(statement.sql, statement.parameters));
  }

  /**
   * @returns the rows
   * @throws {DomainError} `database_unavailable` or `overloaded`
   */
  async query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const budget = new RetryBudget(this.limits.retry);
    for (;;) {
      try {
        return await this.gate.run(() => this.attempt<Row>(sql, parameters));
      } catch (error) {
        if (verdictOn(error, 'body') === 'fatal') throw error;
        if (!(await budget.spendOne())) throw databaseUnavailable(error);
      }
    }
  }

  private async attempt<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const lease = new ConnectionLease(this.dataSource, this.limits.leaseMsMax);
    const rows = async (): Promise<Row[]> => {
      await lease.acquire();
      return lease.queryRunner.query(sql, [...parameters]) as Promise<Row[]>;
    };
    try {
      return await lease.inTime(rows());
    } catch (error) {
      if (verdictOn(error, 'body') !== 'fatal') lease.destroy();
      throw error;
    } finally {
      await lease.release();
    }
  }
}
