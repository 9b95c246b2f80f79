import { Injectable } from '@nestjs/common';
import type { Metric } from 'prom-client';
import { ConnectionGate, ReadPool, TransactionRunner } from '../../platform/database/index.js';
import { ExpensiveReads } from '../../platform/http/index.js';
import { newCounter, newGauge } from '../../platform/observability/index.js';
import { PlaceTotals } from './place-totals.js';

@Injectable()
export class DatabaseMetrics {
  readonly metrics: readonly Metric[];

  constructor(
    runner: TransactionRunner,
    gate: ConnectionGate,
    pool: ReadPool,
    reads: ExpensiveReads,
    totals: PlaceTotals,
  ) {
    this.metrics = [
      runner.lockWaits,
      ...transactionMetrics(runner.counts),
      ...poolMetrics(gate),
      ...readMetrics(pool.gate, reads),
      ...placeMetrics(totals),
    ];
  }
}

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
    help: 'Size of the connection pool for transactions',
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
    help: 'Transactions waiting for a connection',
    collect() {
      this.set(gate.waiting);
    },
  }),
];

const readMetrics = (gate: ConnectionGate, reads: ExpensiveReads): Metric[] => [
  newGauge({
    name: 'rowlock_read_connections',
    help: 'Size of the connection pool for reads',
    collect() {
      this.set(gate.connections);
    },
  }),
  newGauge({
    name: 'rowlock_read_connections_in_use',
    help: 'Database connections for reads in use',
    collect() {
      this.set(gate.inUse);
    },
  }),
  newGauge({
    name: 'rowlock_expensive_reads_waiting',
    help: 'Expensive reads waiting for their turn',
    collect() {
      this.set(reads.waiting);
    },
  }),
  newCounter({
    name: 'rowlock_expensive_reads_refused_total',
    help: 'Expensive reads refused: too many in progress, or too long a wait',
    collect() {
      this.reset();
      this.inc(reads.counts.refused);
    },
  }),
];

/** These describe the whole database, so they are the same on every instance. */
const placeMetrics = (totals: PlaceTotals): Metric[] => [
  newGauge({
    name: 'rowlock_places',
    help: 'Places of all sections in the database, by state',
    labelNames: ['state'],
    async collect() {
      const known = await totals.get();
      this.reset();
      if (known === undefined) return;
      const { available, held, booked } = known;
      for (const [state, places] of Object.entries({ available, held, booked })) {
        this.set({ state }, places);
      }
    },
  }),
  newGauge({
    name: 'rowlock_waiting_entries',
    help: 'Waiting entries in the waitlists of all sections in the database',
    async collect() {
      const known = await totals.get();
      if (known === undefined) this.remove();
      else this.set(known.waiting);
    },
  }),
];
