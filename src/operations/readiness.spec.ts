import type { AllocationService, LaneState } from '../allocation/index.js';
import type { DatabaseReader } from '../platform/database/index.js';
import { Readiness, STUCK_MS } from './readiness.js';

const IDLE: LaneState = { waiting: 0, locked: 0, busyMs: 0 };

const readinessOf = (
  states: readonly LaneState[],
  query: () => Promise<unknown> = () => Promise.resolve([]),
  isOverloaded = false,
): Readiness =>
  new Readiness(
    { query } as unknown as DatabaseReader,
    { report: async () => ({ lanes: states }), isOverloaded } as unknown as AllocationService,
  );

describe('Readiness', () => {
  it('is ready while the database responds and the lanes run', async () => {
    const { ready, checks } = await readinessOf([IDLE, { ...IDLE, busyMs: 5_000 }]).check();
    expect({ ready, checks }).toEqual({
      ready: true,
      checks: { service: 'up', database: 'up', lanes: 'up' },
    });
  });

  it('is not ready if a lane is stuck', async () => {
    const { ready, checks } = await readinessOf([IDLE, { ...IDLE, busyMs: STUCK_MS + 1 }]).check();
    expect([ready, checks['lanes']]).toEqual([false, 'stuck']);
  });

  it('is ready with full lanes, and reports them', async () => {
    const { ready, checks } = await readinessOf([IDLE], undefined, true).check();
    expect([ready, checks['lanes']]).toEqual([true, 'full']);
  });

  it('is not ready if the database refuses, or does not respond within a second', async () => {
    const refusing = readinessOf([IDLE], () => Promise.reject(new Error('gone')));
    const silent = readinessOf([IDLE], () => new Promise(() => undefined));
    for (const readiness of [refusing, silent]) {
      const { ready, checks } = await readiness.check();
      expect([ready, checks['database']]).toEqual([false, 'down']);
    }
  });

  it('is not ready once the service drains', async () => {
    const readiness = readinessOf([IDLE]);
    readiness.startDraining();
    const { ready, checks } = await readiness.check();
    expect([ready, checks['service']]).toEqual([false, 'draining']);
  });
});
