import type { QueryRunner } from 'typeorm';
import type { Histogram } from '../observability/index.js';
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
  private readonly waiting: (() => void)[] = [];

  /** @param lockWaits takes the seconds of the first packet: it locks, so it is what waits for locks */
  constructor(
    private readonly queryRunner: Pick<QueryRunner, 'query'>,
    private readonly lockWaits: Histogram<never>,
  ) {}

  get isBegun(): boolean {
    return this.begun;
  }

  /** What to do once this is committed; never, if it is not. It must not fail: nothing is undone any more. */
  afterCommit(consequence: () => void): void {
    this.waiting.push(consequence);
  }

  get consequences(): readonly (() => void)[] {
    return this.waiting;
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
    if (this.begun) return this.pass(statements);
    this.begun = true;
    const since = performance.now();
    try {
      const [, ...results] = await this.pass([BEGIN, ...statements]);
      return results;
    } finally {
      this.lockWaits.observe((performance.now() - since) / 1000);
    }
  }

  private async pass(packet: readonly Statement[]): Promise<readonly unknown[]> {
    const sql = packet.map((statement) => statement.sql).join(';\n');
    const parameters = packet.flatMap((statement) => statement.parameters);
    const results = (await this.queryRunner.query(sql, parameters)) as unknown[];
    return packet.length === 1 ? [results] : results;
  }
}

const BEGIN: Statement = { sql: 'START TRANSACTION', parameters: [] };
