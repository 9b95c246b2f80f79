import type { AllocationService, LaneState } from '../allocation/index.js';
import type { DatabaseReader } from '../platform/database/index.js';
import { Readiness, STUCK_MS } from './readiness.js';

const IDLE: LaneState = { waiting: 0, isFull: false, busyMs: 0 };

const readinessOf = (
  states: readonly LaneState[],
  query: () => Promise<unknown> = () => Promise.resolve([]),
): Readiness =>
  new Readiness(
    { query } as unknown as DatabaseReader,
    { lanesView: { states } } as unknown as AllocationService,
  );

describe('Readiness', () => {
  it('is there while the database answers and the lanes run', async () => {
    const { ready, checks } = await readinessOf([IDLE, { ...IDLE, busyMs: 5_000 }]).check();
    expect({ ready, checks }).toEqual({
      ready: true,
      checks: { service: 'up', database: 'up', lanes: 'up' },
    });
  });

  it('ends where one lane is stuck', async () => {
    const { ready, checks } = await readinessOf([IDLE, { ...IDLE, busyMs: STUCK_MS + 1 }]).check();
    expect([ready, checks['lanes']]).toEqual([false, 'stuck']);
  });

  it('stays where lanes are full, and says so', async () => {
    const full = { waiting: 9, isFull: true, busyMs: 900 };
    const { ready, checks } = await readinessOf([full, full]).check();
    expect([ready, checks['lanes']]).toEqual([true, 'full']);
  });

  it('ends where the database refuses, or says nothing for a second', async () => {
    const refusing = readinessOf([IDLE], () => Promise.reject(new Error('gone')));
    const silent = readinessOf([IDLE], () => new Promise(() => undefined));
    for (const readiness of [refusing, silent]) {
      const { ready, checks } = await readiness.check();
      expect([ready, checks['database']]).toEqual([false, 'down']);
    }
  });

  it('ends when the service is asked to end', async () => {
    const readiness = readinessOf([IDLE]);
    readiness.startDraining();
    const { ready, checks } = await readiness.check();
    expect([ready, checks['service']]).toEqual([false, 'draining']);
  });
});
