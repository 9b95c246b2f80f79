import type { QueryRunner } from 'typeorm';
import type { Statement } from './statement.js';

declare const transactionBrand: unique symbol;

/** What INSERT, UPDATE and DELETE answer. */
export interface WriteResult {
  readonly affectedRows: number;
}

/**
 * A connection inside a transaction. Only TransactionRunner makes one, so a function that asks for it
 * cannot be called outside: passing a plain EntityManager does not compile.
 */
export class Transaction {
  declare readonly [transactionBrand]: true;
  private begun = false;

  constructor(private readonly queryRunner: Pick<QueryRunner, 'query'>) {}

  get isBegun(): boolean {
    return this.begun;
  }

  /** @returns what the driver answers: rows, or a WriteResult */
  async query<Result>(sql: string, parameters: readonly unknown[] = []): Promise<Result> {
    const [result] = await this.send([{ sql, parameters }]);
    return result as Result;
  }

  /**
   * Sends statements in one packet. The server runs them in their order and stops at the first that
   * fails. START TRANSACTION travels with the first of them: a round trip less while a lock is held.
   *
   * @returns what the driver answers to each
   */
  async send(statements: readonly Statement[]): Promise<readonly unknown[]> {
    const packet = this.begun ? statements : [BEGIN, ...statements];
    this.begun = true;
    const sql = packet.map((statement) => statement.sql).join(';\n');
    const parameters = packet.flatMap((statement) => statement.parameters);
    const results = (await this.queryRunner.query(sql, parameters)) as unknown[];
    if (packet.length === 1) return [results];
    return results.slice(packet.length - statements.length);
  }
}

const BEGIN: Statement = { sql: 'START TRANSACTION', parameters: [] };
