import type { Metric } from 'prom-client';
import { newCounter, newGauge } from '../observability/index.js';
import type { ConnectionGate } from './connection-gate.js';
import type { TransactionRunner } from './transaction-runner.js';

/** The metrics of a pool, and of the transactions that use it. */
export const databaseMetrics = (runner: TransactionRunner, gate: ConnectionGate): Metric[] => [
  runner.lockWaits,
  ...transactionMetrics(runner.counts),
  ...poolMetrics(gate),
];

const transactionMetrics = (counts: TransactionRunner['counts']): Metric[] => [
  newCounter({
    name: 'rowlock_transaction_retries_total',
    help: 'Failed attempts of transactions that could be retried, by errno or code',
    labelNames: ['reason'],
    collect() {
      this.reset();
      for (const [reason, count] of counts.retries) this.inc({ reason }, count);
    },
  }),
  newCounter({
    name: 'rowlock_unknown_commits_total',
    help: 'COMMITs without a response, whose outcome had to be looked up',
    collect() {
      this.reset();
      this.inc(counts.unknownCommits);
    },
  }),
  newCounter({
    name: 'rowlock_transactions_given_up_total',
    help: 'Transactions given up after too many attempts or too much time',
    collect() {
      this.reset();
      this.inc(counts.givenUp);
    },
  }),
];

const poolMetrics = (gate: ConnectionGate): Metric[] => [
  newGauge({
    name: 'rowlock_pool_connections',
    help: 'Size of the connection pool',
    collect() {
      this.set(gate.connections);
    },
  }),
  newGauge({
    name: 'rowlock_pool_connections_in_use',
    help: 'Database connections in use',
    collect() {
      this.set(gate.inUse);
    },
  }),
  newGauge({
    name: 'rowlock_pool_waiting',
    help: 'Transactions and queries waiting for a connection',
    collect() {
      this.set(gate.waiting);
    },
  }),
];
