import { Injectable } from '@nestjs/common';
import { ConnectionGate, TransactionRunner } from '../../platform/database/index.js';
import { PlaceTotals } from './place-totals.js';
import { samples, type Family, histogram, sample } from './family.js';

const transactionFamilies = (runner: TransactionRunner): Family[] => [
  {
    name: 'rowlock_lock_wait_seconds',
    help: 'Time of the first packet of a transaction: it locks, and waits for who has the lock',
    type: 'histogram',
    read: () => histogram(runner.lockWaits),
  },
  {
    name: 'rowlock_transaction_retries_total',
    help: 'Attempts of transactions that failed and could be repeated, by errno or code',
    type: 'counter',
    read: () => samples('reason', runner.counts.retries),
  },
  {
    name: 'rowlock_unknown_commits_total',
    help: 'COMMITs that went unanswered, so that it had to be found out whether they had happened',
    type: 'counter',
    read: () => sample(runner.counts.unknownCommits),
  },
  {
    name: 'rowlock_transactions_given_up_total',
    help: 'Transactions that were not repeated any more: too often, or too late',
    type: 'counter',
    read: () => sample(runner.counts.givenUp),
  },
];

const poolFamilies = (gate: ConnectionGate): Family[] => [
  {
    name: 'rowlock_pool_connections',
    help: 'Connections to the database that there may be',
    type: 'gauge',
    read: () => sample(gate.connections),
  },
  {
    name: 'rowlock_pool_connections_in_use',
    help: 'Connections to the database that are in use',
    type: 'gauge',
    read: () => sample(gate.inUse),
  },
  {
    name: 'rowlock_pool_waiting',
    help: 'Pieces of work that wait for a connection',
    type: 'gauge',
    read: () => sample(gate.waiting),
  },
];

/** The whole database's, the same on every instance. */
const placeFamilies = (totals: PlaceTotals): Family[] => [
  {
    name: 'rowlock_places',
    help: 'Places of all sections by state, in the whole database',
    type: 'gauge',
    read: async () => {
      const known = await totals.get();
      if (known === undefined) return [];
      const { available, held, booked } = known;
      return Object.entries({ available, held, booked }).map(([state, value]) => ({
        labels: { state },
        value,
      }));
    },
  },
  {
    name: 'rowlock_waiting_entries',
    help: 'Entries that wait in the lines of all sections, in the whole database',
    type: 'gauge',
    read: async () => {
      const known = await totals.get();
      return known === undefined ? [] : [{ labels: {}, value: known.waiting }];
    },
  },
];

@Injectable()
export class DatabaseMetrics {
  readonly families: readonly Family[];

  constructor(runner: TransactionRunner, gate: ConnectionGate, totals: PlaceTotals) {
    this.families = [
      ...transactionFamilies(runner),
      ...poolFamilies(gate),
      ...placeFamilies(totals),
    ];
  }
}
