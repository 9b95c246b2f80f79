import type { Histogram } from '../observability/index.js';
import type { ConnectionLease } from './connection-lease.js';
import { toSqlText } from './sql-text.js';
import type { Statement } from './statement.js';

declare const transactionBrand: unique symbol;

/** The result of INSERT, UPDATE and DELETE. */
export interface WriteResult {
  readonly affectedRows: number;
}

/**
 * A connection inside a transaction. Only TransactionRunner creates one, so a function that takes it as a
 * parameter cannot be called outside a transaction; a plain EntityManager does not compile.
 */
export class Transaction {
  declare readonly [transactionBrand]: true;
  private begun = false;
  private readonly callbacks: (() => void)[] = [];

  /** @param lockWaits observes the seconds of the first packet, which takes the locks and so waits for them */
  constructor(
    private readonly connection: Pick<ConnectionLease, 'query'>,
    private readonly lockWaits: Histogram<never>,
  ) {}

  get isBegun(): boolean {
    return this.begun;
  }

  /** Calls back once the transaction is committed, and never otherwise. The callback must not throw. */
  afterCommit(callback: () => void): void {
    this.callbacks.push(callback);
  }

  get commitCallbacks(): readonly (() => void)[] {
    return this.callbacks;
  }

  /** @returns rows, or a WriteResult */
  async query<Result>(sql: string, parameters: readonly unknown[] = []): Promise<Result> {
    const [result] = await this.send([{ sql, parameters }]);
    return result as Result;
  }

  /**
   * Sends statements in one packet. The server runs them in order; after an error, the transaction must be rolled
   * back, because a cluster may have run the later ones (ADR 0008). The first packet starts with START
   * TRANSACTION, which saves a round trip.
   *
   * @returns the driver's result for each statement
   */
  async send(statements: readonly Statement[]): Promise<readonly unknown[]> {
    if (this.begun) return this.sendPacket(statements);
    this.begun = true;
    const since = performance.now();
    try {
      const [, ...results] = await this.sendPacket([BEGIN, ...statements]);
      return results;
    } finally {
      this.lockWaits.observe((performance.now() - since) / 1000);
    }
  }

  private async sendPacket(packet: readonly Statement[]): Promise<readonly unknown[]> {
    const sql = packet.map(toSqlText).join(';\n');
    const results = await this.connection.query<unknown[]>(sql);
    return packet.length === 1 ? [results] : results;
  }
}

const BEGIN: Statement = { sql: 'START TRANSACTION', parameters: [] };
