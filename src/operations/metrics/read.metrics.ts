import type { Metric } from 'prom-client';
import type { ConnectionGate } from '../../platform/database/index.js';
import type { ExpensiveReads } from '../../platform/http/index.js';
import { newCounter, newGauge } from '../../platform/observability/index.js';

export const readMetrics = (gate: ConnectionGate, reads: ExpensiveReads): Metric[] => [
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
