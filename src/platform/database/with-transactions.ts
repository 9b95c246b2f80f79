import { DataSource } from 'typeorm';
import { ConnectionGate } from './connection-gate.js';
import { dataSourceOptions } from './data-source-options.js';
import { DEFAULT_RUNNER_LIMITS, TransactionRunner } from './transaction-runner.js';

const CONNECTIONS = 2;

/** For work on all rows of an event at once, which may be very large. */
export const PATIENT_LIMITS = { ...DEFAULT_RUNNER_LIMITS, leaseMsMax: 120_000 };

/** Runs one piece of work on an up-to-date database, for a command that ends afterwards. */
export async function withTransactions<T>(
  databaseUrl: string,
  work: (transactions: TransactionRunner) => Promise<T>,
  limits = DEFAULT_RUNNER_LIMITS,
): Promise<T> {
  const options = dataSourceOptions(databaseUrl, CONNECTIONS, { kind: 'transactions' });
  const dataSource = await new DataSource(options).initialize();
  const gate = new ConnectionGate({ connections: CONNECTIONS, waitersMax: 1, waitMsMax: 10_000 });
  try {
    return await work(new TransactionRunner(dataSource, gate, limits));
  } finally {
    await dataSource.destroy();
  }
}
