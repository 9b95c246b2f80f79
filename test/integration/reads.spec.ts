import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { BulkReader, DatabaseReader, ReadPool } from '../../src/platform/database/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';

const DIGITS = `(SELECT 0 AS digit UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3
  UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8
  UNION ALL SELECT 9)`;

/** Counts to 10^10, which takes many minutes. */
const ENDLESS = `SELECT COUNT(*) AS endless FROM ${Array.from({ length: 10 }, (_, n) => `${DIGITS} d${n}`).join(', ')}`;

const TIMED_OUT = expect.objectContaining({ code: 'read_timeout', retryAfterSeconds: 5 }) as Error;

describe('the time limit of reads', () => {
  const database = useDatabase();
  let pool: ReadPool;

  beforeAll(async () => {
    pool = await ReadPool.open(database.url, { size: 1, readMsMax: 200 });
  });

  afterAll(() => pool.onApplicationShutdown());

  const connectionId = (reads: DatabaseReader) => reads.query('SELECT CONNECTION_ID() AS id', []);

  it.each([
    ['short', DatabaseReader],
    ['bulk', BulkReader],
  ])('ends %s reads on the server, which keeps the connection', async (_, Reader) => {
    const reads = new Reader(pool);
    const before = await connectionId(reads);
    const since = performance.now();
    await expect(reads.query(ENDLESS, [])).rejects.toEqual(TIMED_OUT);
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(await connectionId(reads)).toEqual(before);
    expect(pool.gate.inUse).toBe(0);
  });

  it('ends a snapshot, and leaves none open', async () => {
    const reads = new BulkReader(pool);
    const [before] = await connectionId(reads);
    await expect(reads.inSnapshot((query) => query(ENDLESS, []))).rejects.toEqual(TIMED_OUT);
    expect(await connectionId(reads)).not.toEqual([before]);
  });

  it('applies to all reads of a snapshot together', async () => {
    const reads = new BulkReader(pool);
    const slow = reads.inSnapshot(async (query) => {
      for (let n = 0; n < 100; n += 1) await query('SELECT SLEEP(0.05)', []);
    });
    await expect(slow).rejects.toEqual(TIMED_OUT);
  });

  it('reads a snapshot as it was at its first query', async () => {
    await database.query('CREATE TABLE numbers (n INT)');
    const reads = new BulkReader(pool);
    const count = 'SELECT COUNT(*) AS count FROM numbers';
    const counts = await reads.inSnapshot(async (query) => {
      const before = await query(count, []);
      await database.query('INSERT INTO numbers VALUES (1)');
      return [before, await query(count, [])];
    });
    expect(counts[1]).toEqual(counts[0]);
    expect(await reads.query<{ count: unknown }>(count, [])).toMatchObject([{ count: '1' }]);
    await database.query('DROP TABLE numbers');
  });
});

describe('bulk reads', () => {
  const database = useDatabase();
  // Four connections, of which two serve bulk reads.
  const app = useApp(database, {
    DATABASE_READ_POOL_SIZE: '4',
    DATABASE_READ_TIMEOUT_SECONDS: '2',
  });

  /** Queries that the server runs for others. */
  async function running(): Promise<number> {
    const [row] = await database.query<{ count: number }>(
      `SELECT COUNT(*) AS count FROM information_schema.processlist
        WHERE db = ? AND info LIKE '%endless%' AND id <> CONNECTION_ID()`,
      [database.name],
    );
    return row!.count;
  }

  async function msOf(work: PromiseLike<unknown>): Promise<number> {
    const since = performance.now();
    await work;
    return performance.now() - since;
  }

  it('use few connections, and delay neither short reads nor bookings', async () => {
    const event = { name: 'Opera', totalTickets: 100 };
    const { body } = await request(app.server).post('/initialize').send(event).expect(201);
    const { id: eventId } = body as { id: string };
    const bulk = app.nest.get(BulkReader);
    const ends = Promise.allSettled(Array.from({ length: 6 }, () => bulk.query(ENDLESS, [])));
    await eventually('two queries run', async () => (await running()) === 2);
    const times = [
      await msOf(request(app.server).get(`/status/${eventId}`).expect(200)),
      await msOf(
        request(app.server).post('/book').send({ eventId, identifier: 'ann' }).expect(201),
      ),
      await msOf(request(app.server).get('/health/ready').expect(200)),
    ];
    expect(Math.max(...times)).toBeLessThan(1_000);
    expect(await running()).toBe(2);
    for (const end of await ends) expect(end).toMatchObject({ reason: { code: 'read_timeout' } });
    await eventually('the end of the reads', async () => (await running()) === 0);
  });

  it('leave the instance ready while all connections for reads are in use and none books', async () => {
    const reads = app.nest.get(DatabaseReader);
    const ends = Promise.allSettled(Array.from({ length: 8 }, () => reads.query(ENDLESS, [])));
    await eventually('four queries run', async () => (await running()) === 4);
    // A commit in the last second would be proof enough.
    await sleep(1_100);
    const { body } = await request(app.server).get('/health/ready').expect(200);
    expect(body).toMatchObject({ checks: { database: 'up' } });
    expect(app.nest.get(ReadPool).gate.waiting).toBeGreaterThan(0);
    for (const end of await ends) expect(end).toMatchObject({ reason: { code: 'read_timeout' } });
  });
});
