import { migrations } from '../../migrations/index.js';
import type { AllocationService, LaneState, WriteState } from '../allocation/index.js';
import type { DatabaseReader } from '../platform/database/index.js';
import { Readiness, STUCK_MS } from './readiness.js';

const IDLE: LaneState = { waiting: 0, locked: 0, busyMs: 0 };

const DONE = migrations.map(({ name }) => ({ name }));

interface World {
  readonly states: readonly LaneState[];
  readonly query: () => Promise<unknown>;
  readonly isOverloaded: boolean;
  readonly writes: WriteState;
}

const readinessOf = ({
  states = [IDLE],
  query = () => Promise.resolve(DONE),
  isOverloaded = false,
  writes = 'up',
}: Partial<World> = {}): Readiness =>
  new Readiness(
    { query } as unknown as DatabaseReader,
    {
      report: async () => ({ lanes: states, writes }),
      isOverloaded,
    } as unknown as AllocationService,
  );

describe('Readiness', () => {
  it('is ready while the database responds and the lanes run', async () => {
    const { ready, checks } = await readinessOf({
      states: [IDLE, { ...IDLE, busyMs: 5_000 }],
    }).check();
    expect({ ready, checks }).toEqual({
      ready: true,
      checks: { service: 'up', database: 'up', lanes: 'up', writes: 'up', schema: 'up' },
    });
  });

  it('is not ready if a lane is stuck', async () => {
    const { ready, checks } = await readinessOf({
      states: [IDLE, { ...IDLE, busyMs: STUCK_MS + 1 }],
    }).check();
    expect([ready, checks['lanes']]).toEqual([false, 'stuck']);
  });

  it('is ready with full lanes, and reports them', async () => {
    const { ready, checks } = await readinessOf({ isOverloaded: true }).check();
    expect([ready, checks['lanes']]).toEqual([true, 'full']);
  });

  it('is not ready if the database refuses, or does not respond within a second', async () => {
    const refusing = readinessOf({ query: () => Promise.reject(new Error('gone')) });
    const silent = readinessOf({ query: () => new Promise(() => undefined) });
    for (const readiness of [refusing, silent]) {
      const { ready, checks } = await readiness.check();
      expect([ready, checks['database']]).toEqual([false, 'down']);
    }
  });

  it.each<WriteState>(['failing', 'full'])('is not ready while writes are %s', async (writes) => {
    const { ready, checks } = await readinessOf({ writes }).check();
    expect([ready, checks['writes']]).toEqual([false, writes]);
  });

  it('is not ready on a schema that is older than the code', async () => {
    const missing = Object.assign(new Error('no such table'), { errno: 1146 });
    for (const query of [() => Promise.resolve(DONE.slice(1)), () => Promise.reject(missing)]) {
      const { checks } = await readinessOf({ query }).check();
      expect(checks['schema']).toBe('older');
    }
    const { ready } = await readinessOf({ query: () => Promise.resolve(DONE.slice(1)) }).check();
    expect(ready).toBe(false);
  });

  it('is ready on a schema that is newer than the code, and reports it', async () => {
    const query = () => Promise.resolve([...DONE, { name: 'OfALaterVersion' }]);
    const { ready, checks } = await readinessOf({ query }).check();
    expect([ready, checks['schema']]).toEqual([true, 'newer']);
  });

  it('is not ready once the service drains', async () => {
    const readiness = readinessOf();
    readiness.startDraining();
    const { ready, checks } = await readiness.check();
    expect([ready, checks['service']]).toEqual([false, 'draining']);
  });
});
