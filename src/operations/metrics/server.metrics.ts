import { Injectable } from '@nestjs/common';
import type { Metric } from 'prom-client';
import { DatabaseHost } from '../../platform/database/index.js';
import { newCounter, newGauge } from '../../platform/observability/index.js';
import { ClockDifference } from '../clock-difference.js';

/** Metrics about the database server. */
@Injectable()
export class ServerMetrics {
  readonly metrics: readonly Metric[];

  constructor(clocks: ClockDifference, host: DatabaseHost) {
    // With one host, there is nothing to tell.
    this.metrics = [clockMetric(clocks), ...(host.isChosen ? hostMetrics(host) : [])];
  }
}

const clockMetric = (clocks: ClockDifference): Metric =>
  newGauge({
    name: 'rowlock_clock_ahead_seconds',
    help: "By how much the instance's clock is ahead of the database's; negative if it is behind",
    async collect() {
      this.reset();
      const ahead = await clocks.ahead();
      if (ahead !== null) this.set(ahead / 1000);
    },
  });

const hostMetrics = (database: DatabaseHost): Metric[] => [
  newGauge({
    name: 'rowlock_database_host',
    help: '1 for the host of DATABASE_URL that is in use',
    labelNames: ['host'],
    collect() {
      this.reset();
      const { name } = database;
      if (name !== null) this.set({ host: name }, 1);
    },
  }),
  newCounter({
    name: 'rowlock_database_host_changes_total',
    help: 'How often another host of DATABASE_URL was chosen',
    collect() {
      this.reset();
      this.inc(database.changes);
    },
  }),
];
