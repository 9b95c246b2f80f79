import { Registry } from 'prom-client';
import type { Totals } from '../../allocation/index.js';
import {
  ConnectionGate,
  DEFAULT_RUNNER_LIMITS,
  type ReadPool,
  TransactionRunner,
} from '../../platform/database/index.js';
import type { ExpensiveReads } from '../../platform/http/index.js';
import { DatabaseMetrics } from './database.metrics.js';
import type { PlaceTotals } from './place-totals.js';

describe('the metrics of places', () => {
  const gate = new ConnectionGate({ connections: 1, waitersMax: 1, waitMsMax: 1 });
  const runner = new TransactionRunner({} as never, gate, DEFAULT_RUNNER_LIMITS);
  let known: Totals | undefined;
  const totals = { get: async () => known } as unknown as PlaceTotals;
  const registry = new Registry();
  const pool = { gate } as ReadPool;
  const reads = { counts: { refused: 0 }, waiting: 0 } as unknown as ExpensiveReads;
  for (const metric of new DatabaseMetrics(runner, gate, pool, reads, totals).metrics) {
    registry.registerMetric(metric);
  }

  const samples = async (): Promise<string[]> =>
    (await registry.metrics())
      .split('\n')
      .filter((line) => /^rowlock_(?:places|waiting_entries)\b/.test(line));

  it('have samples while the totals are known, and none once they are not', async () => {
    known = { capacity: 10, available: 5, held: 2, booked: 3, waiting: 4 };
    expect(await samples()).toEqual([
      'rowlock_places{state="available"} 5',
      'rowlock_places{state="held"} 2',
      'rowlock_places{state="booked"} 3',
      'rowlock_waiting_entries 4',
    ]);
    known = undefined;
    expect(await samples()).toEqual([]);
  });
});
