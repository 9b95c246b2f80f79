import { BulkReader, DatabaseReader, ReadPool } from '../../src/platform/database/index.js';
import type { DomainError } from '../../src/platform/errors/index.js';
import { useDatabase } from '../kit/index.js';
import { TcpProxy } from '../kit/tcp-proxy.js';
import { inFullRun } from '../setup/intensity.js';

jest.setTimeout(15_000);

describe('a read on a connection that fails', () => {
  const database = useDatabase();
  let proxy: TcpProxy;
  let pool: ReadPool;

  beforeEach(async () => {
    proxy = await TcpProxy.inFrontOf(database.url);
    pool = await ReadPool.open(proxy.url, { size: 3, readMsMax: 200 });
  });

  afterEach(async () => {
    if (proxy.isSilent) proxy.speak();
    await pool.onApplicationShutdown();
    await proxy.close();
  });

  it.each(
    inFullRun([
      ['short', DatabaseReader],
      ['bulk', BulkReader],
    ] as const),
  )('ends %s reads as well, and sends none again that may still run', async (_, Reader) => {
    const reads = new Reader(pool);
    const unavailable = { code: 'database_unavailable' };
    const stalled = proxy.stall(/^SELECT 42/m);
    await expect(reads.query('SELECT 42 AS answer', [])).rejects.toMatchObject(unavailable);
    expect(stalled.happened).toBe(1);
    proxy.goSilent();
    await expect(reads.query('SELECT 1', [])).rejects.toMatchObject(unavailable);
    expect([pool.gate.inUse, pool.bulkGate.inUse]).toEqual([0, 0]);
  });

  it.each([
    ['a short read', DatabaseReader, 2],
    ['no bulk read', BulkReader, 1],
  ])('sends %s again after its connection broke', async (_, Reader, times) => {
    const reads = new Reader(pool);
    const fault = proxy.cutAfter(/^SELECT 42/m);
    const sent = proxy.statements.length;
    const end = await reads.query('SELECT 42 AS answer', []).then(
      () => 'answered',
      (error: DomainError) => error.code,
    );
    expect(fault.happened).toBe(1);
    expect(end).toBe(times === 2 ? 'answered' : 'database_unavailable');
    const again = proxy.statements.slice(sent).filter((sql) => sql.startsWith('SELECT 42'));
    expect(again).toHaveLength(times);
  });
});
