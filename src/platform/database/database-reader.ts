import type { DataSource } from 'typeorm';
import type { ConnectionGate } from './connection-gate.js';
import { ConnectionLease } from './connection-lease.js';
import { verdictOn } from './database-errors.js';
import { RetryBudget } from './retry-budget.js';
import { databaseUnavailable } from './transaction-errors.js';
import { DEFAULT_RUNNER_LIMITS, type RunnerLimits } from './transaction-runner.js';

/** Queries outside transactions. They change nothing, so any passing fault is a reason to ask again. */
export class DatabaseReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly gate: ConnectionGate,
    private readonly limits: Pick<RunnerLimits, 'retry' | 'silenceMsMax'> = DEFAULT_RUNNER_LIMITS,
  ) {}

  /**
   * @returns the rows
   * @throws {DomainError} `database_unavailable` or `overloaded`
   */
  async query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const budget = new RetryBudget(this.limits.retry);
    for (;;) {
      try {
        return await this.gate.pass(() => this.ask<Row>(sql, parameters));
      } catch (error) {
        if (verdictOn(error, 'body') === 'fatal') throw error;
        if (!(await budget.spendOne())) throw databaseUnavailable(error);
      }
    }
  }

  private async ask<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const lease = new ConnectionLease(this.dataSource, this.limits.silenceMsMax);
    const answer = async (): Promise<Row[]> => {
      await lease.take();
      return lease.queryRunner.query(sql, [...parameters]) as Promise<Row[]>;
    };
    try {
      return await lease.hear(answer());
    } catch (error) {
      if (verdictOn(error, 'body') !== 'fatal') lease.destroy();
      throw error;
    } finally {
      await lease.end();
    }
  }
}
