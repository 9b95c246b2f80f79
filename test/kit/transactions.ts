import { DataSource } from 'typeorm';
import {
  ConnectionGate,
  dataSourceOptions,
  TransactionRunner,
} from '../../src/platform/database/index.js';
import {
  DEFAULT_RUNNER_LIMITS,
  type RunnerLimits,
} from '../../src/platform/database/transaction-runner.js';
import type { TestDatabase } from './database.js';

export interface TransactionsOptions {
  readonly poolSize?: number;
  readonly waitersMax?: number;
  readonly waitMsMax?: number;
  readonly limits?: Partial<RunnerLimits>;
}

/** mysql2 does not say how full its pool is: these are its internal lists. */
type PoolOfMysql2 = Record<'_allConnections' | '_freeConnections', { readonly length: number }>;

/** The product's transaction runner with a small pool of its own. */
export class Transactions {
  private constructor(
    readonly runner: TransactionRunner,
    readonly gate: ConnectionGate,
    readonly dataSource: DataSource,
  ) {}

  static async open(url: string, options: TransactionsOptions = {}): Promise<Transactions> {
    const { poolSize = 4, waitersMax = 1_000, waitMsMax = 10_000, limits } = options;
    const purpose = { kind: 'transactions' } as const;
    const dataSource = await new DataSource(dataSourceOptions(url, poolSize, purpose)).initialize();
    const gate = new ConnectionGate({ connections: poolSize, waitersMax, waitMsMax });
    const all = { ...DEFAULT_RUNNER_LIMITS, ...limits };
    return new Transactions(new TransactionRunner(dataSource, gate, all), gate, dataSource);
  }

  /** Connections in use; 0 if nothing leaks. */
  get lent(): number {
    const { pool: ours } = this.dataSource.driver as unknown as {
      readonly pool: { readonly pool: PoolOfMysql2 };
    };
    const { pool } = ours;
    return pool['_allConnections'].length - pool['_freeConnections'].length;
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }
}

/** InnoDB refreshes its table of transactions only if nobody has read it for 100 ms. */
const LOOK_EVERY_MS = 120;
let lookedAt = -Infinity;

/** Transactions that are open on the server in this database, on any connection. */
export async function openTransactionsIn(database: TestDatabase): Promise<number> {
  const rest = Math.max(0, lookedAt + LOOK_EVERY_MS - performance.now());
  await new Promise((resolve) => setTimeout(resolve, rest));
  lookedAt = performance.now();
  const [row] = await database.query<{ count: number }>(
    `SELECT COUNT(*) AS count FROM information_schema.innodb_trx trx
       JOIN information_schema.processlist process ON process.id = trx.trx_mysql_thread_id
      WHERE process.db = ? AND process.id <> CONNECTION_ID()`,
    [database.name],
  );
  return row!.count;
}

/**
 * Statements of other connections in this database that lock rows and have not returned. InnoDB's
 * own table of transactions does not help: read more often than every 100 ms, it does not change.
 */
export async function lockWaitsIn(database: TestDatabase): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `SELECT COUNT(*) AS count FROM information_schema.processlist
      WHERE db = ? AND info LIKE '%FOR UPDATE%' AND id <> CONNECTION_ID()`,
    [database.name],
  );
  return row!.count;
}

/** A barrier that several sides pass together, once all have reached it. */
export function rendezvous(sides: number): () => Promise<void> {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  let come = 0;
  return () => {
    come += 1;
    if (come >= sides) open();
    return opened;
  };
}
