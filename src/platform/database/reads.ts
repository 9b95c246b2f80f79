import type { DataSource } from 'typeorm';
import type { ConnectionGate } from './connection-gate.js';
import { verdictOn } from './database-errors.js';
import { DEFAULT_RETRY_POLICY, RetryBudget } from './retry-budget.js';
import { databaseUnavailable } from './transaction-errors.js';

/** Queries outside transactions. They change nothing, so any passing fault is a reason to ask again. */
export class Reads {
  constructor(
    private readonly dataSource: DataSource,
    private readonly gate: ConnectionGate,
  ) {}

  /**
   * @returns the rows
   * @throws {DomainError} `database_unavailable` or `overloaded`
   */
  async query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    const budget = new RetryBudget(DEFAULT_RETRY_POLICY);
    for (;;) {
      try {
        return await this.gate.pass(() => this.dataSource.query<Row[]>(sql, [...parameters]));
      } catch (error) {
        if (verdictOn(error, 'body') === 'fatal') throw error;
        if (!(await budget.spendOne())) throw databaseUnavailable(error);
      }
    }
  }
}
