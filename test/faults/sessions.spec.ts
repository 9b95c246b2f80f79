import { DatabaseReader, ReadPool } from '../../src/platform/database/index.js';
import { ServiceProcess, useDatabase } from '../kit/index.js';
import { TcpProxy } from '../kit/tcp-proxy.js';
import { Transactions } from '../kit/transactions.js';
import { script } from './support/script.js';

const NAMES = /^SET SESSION TRANSACTION[^]*SET NAMES/;
const inLatin1 = (statement: string): string =>
  statement.replace('NAMES utf8mb4 COLLATE utf8mb4_bin', 'NAMES latin1  COLLATE latin1_bin ');

describe('a session that is not as Rowlock has set it', () => {
  const database = useDatabase();
  const differs = expect.stringMatching(/character_set_client = latin1, not utf8mb4/) as string;
  let proxy: TcpProxy;

  beforeEach(async () => {
    proxy = await TcpProxy.inFrontOf(database.url);
  });

  afterEach(() => proxy.close());

  it.each([
    ['migrate', ['status']],
    ['migrate', ['up']],
    ['keys', ['list']],
  ])('stops npm run %s %j with one sentence', async (name, args) => {
    proxy.alter(NAMES, inLatin1, { times: 100 });
    const { code, complaint } = await script(name, args, proxy.url);
    expect({ code, complaint }).toEqual({ code: 1, complaint: differs });
    expect(complaint.trim().split('\n')).toHaveLength(1);
  });

  it('stops the start of the service with one sentence', async () => {
    proxy.alter(NAMES, inLatin1, { times: 100 });
    const start = ServiceProcess.start({ DATABASE_URL: proxy.url });
    await expect(start).rejects.toThrow(/could not start\. .*character_set_client = latin1/);
  });

  it('is never used: another connection is, as soon as there is one', async () => {
    const transactions = await Transactions.open(proxy.url, { poolSize: 1 });
    const reads = await ReadPool.open(proxy.url, { size: 1, readMsMax: 1_000 });
    const fault = proxy.alter(NAMES, inLatin1, { times: 4 });
    proxy.cutAll();
    const sql = 'SELECT @@character_set_client AS name';
    const [first] = await transactions.runner.run('test', (tx) =>
      tx.query<{ name: string }[]>(sql),
    );
    const [second] = await new DatabaseReader(reads).query<{ name: string }>(sql, []);
    expect([first!.name, second!.name]).toEqual(['utf8mb4', 'utf8mb4']);
    expect(fault.happened).toBe(4);
    await transactions.close();
    await reads.onApplicationShutdown();
  });
});
