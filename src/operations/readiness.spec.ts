import type { AllocationService, LaneState } from '../allocation/index.js';
import type { DatabaseReader } from '../platform/database/index.js';
import { Readiness, STUCK_MS } from './readiness.js';

const IDLE: LaneState = { waiting: 0, locked: 0, busyMs: 0 };

const readinessOf = (
  states: readonly LaneState[],
  query: (sql?: string) => Promise<unknown> = () => Promise.resolve([]),
  { isOverloaded = false, writtenMsAgo = Infinity } = {},
): Readiness =>
  new Readiness(
    { query } as unknown as DatabaseReader,
    {
      report: async () => ({ lanes: states, writtenMsAgo }),
      isOverloaded,
    } as unknown as AllocationService,
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
    const { ready, checks } = await readinessOf([IDLE], undefined, { isOverloaded: true }).check();
    expect([ready, checks['lanes']]).toEqual([true, 'full']);
  });

  it('is not ready if the database refuses a commit, or does not answer it within two seconds', async () => {
    const refusing = readinessOf([IDLE], () => Promise.reject(new Error('read-only')));
    const silent = readinessOf([IDLE], () => new Promise(() => undefined));
    for (const readiness of [refusing, silent]) {
      const { ready, checks } = await readiness.check();
      expect([ready, checks['database']]).toEqual([false, 'down']);
    }
  });

  it('commits something to find out, once for all that ask within a second', async () => {
    const statements: string[] = [];
    const write = (sql?: string) => Promise.resolve(statements.push(sql!));
    const readiness = readinessOf([IDLE], write);
    await Promise.all([readiness.check(), readiness.check()]);
    await readiness.check();
    expect(statements).toEqual([expect.stringMatching(/^INSERT INTO commit_probes/)]);
  });

  it.each([
    [999, 'up'],
    [1_001, 'down'],
  ])('takes a batch that was committed %i ms ago: %s', async (writtenMsAgo, database) => {
    const refuse = () => Promise.reject(new Error('read-only'));
    const { checks } = await readinessOf([IDLE], refuse, { writtenMsAgo }).check();
    expect(checks.database).toBe(database);
  });

  it('is not ready once the service drains', async () => {
    const readiness = readinessOf([IDLE]);
    readiness.startDraining();
    const { ready, checks } = await readiness.check();
    expect([ready, checks['service']]).toEqual([false, 'draining']);
  });
});
