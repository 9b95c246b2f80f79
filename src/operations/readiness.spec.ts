import { migrations } from '../../migrations/index.js';
import type { AllocationService, LaneState, WriteState } from '../allocation/index.js';
import type { DatabaseReader, ProbeConnection } from '../platform/database/index.js';
import { Readiness, STUCK_MS } from './readiness.js';

const IDLE: LaneState = { waiting: 0, locked: 0, busyMs: 0 };

const DONE = migrations.map(({ name }) => ({ name }));

interface World {
  readonly states: readonly LaneState[];
  /** Answers the question about migrations. */
  readonly query: () => Promise<unknown>;
  /** Writes and commits something. */
  readonly write: (sql: string) => Promise<unknown>;
  readonly isOverloaded: boolean;
  readonly writes: WriteState;
  readonly writtenMsAgo: number;
}

const readinessOf = ({
  states = [IDLE],
  query = () => Promise.resolve(DONE),
  write = () => Promise.resolve([]),
  isOverloaded = false,
  writes = 'up',
  writtenMsAgo = Infinity,
}: Partial<World> = {}): Readiness =>
  new Readiness(
    { query } as unknown as DatabaseReader,
    { query: write } as unknown as ProbeConnection,
    {
      report: async () => ({ lanes: states, writes, writtenMsAgo }),
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

  it('is not ready if the database refuses a commit, or does not answer it within two seconds', async () => {
    const refusing = readinessOf({ write: () => Promise.reject(new Error('read-only')) });
    const silent = readinessOf({ write: () => new Promise(() => undefined) });
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

  it('commits something to find out, once for all that ask within a second', async () => {
    const statements: string[] = [];
    const readiness = readinessOf({ write: (sql) => Promise.resolve(statements.push(sql)) });
    await Promise.all([readiness.check(), readiness.check()]);
    await readiness.check();
    expect(statements).toEqual([expect.stringMatching(/^INSERT INTO commit_probes/)]);
  });

  it.each([
    [999, 'up'],
    [1_001, 'down'],
  ])('takes a batch that was committed %i ms ago: %s', async (writtenMsAgo, database) => {
    const write = () => Promise.reject(new Error('read-only'));
    const { checks } = await readinessOf({ write, writtenMsAgo }).check();
    expect(checks.database).toBe(database);
  });

  it('is not ready once the service drains', async () => {
    const readiness = readinessOf();
    readiness.startDraining();
    const { ready, checks } = await readiness.check();
    expect([ready, checks['service']]).toEqual([false, 'draining']);
  });
});
