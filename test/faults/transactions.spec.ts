import { randomUUID } from 'node:crypto';
import type { Confirmation } from '../../src/platform/database/transaction-runner.js';
import type { Transaction } from '../../src/platform/database/index.js';
import { useDatabase } from '../kit/index.js';
import { type Fault, type FaultOptions, TcpProxy } from '../kit/tcp-proxy.js';
import { eventually } from '../kit/eventually.js';
import { openTransactionsIn, Transactions, type TransactionsOptions } from '../kit/transactions.js';
import { wallClock } from '../setup/intensity.js';

const COMMIT = /^COMMIT/;
const ROLLBACK = /^ROLLBACK/;
const INSERT = /^INSERT INTO effects/m;

/** As Galera answers any statement, even ROLLBACK, when the node has lost its cluster. */
const NOT_READY = {
  errno: 1047,
  sqlState: '08S01',
  message: 'WSREP has not yet prepared node for application use',
};
const CERTIFICATION = { errno: 1213, sqlState: '40001', message: 'Deadlock found' };
const NOT_PRIMARY = {
  errno: 1180,
  sqlState: 'HY000',
  message: 'Got error 6 - provider status: Not connected to Primary Component, during COMMIT',
};
const READ_ONLY = {
  errno: 1290,
  sqlState: 'HY000',
  message: 'The MySQL server is running with the --read-only option',
};

const SHORT_SILENCE = { leaseMsMax: 400 };
const QUICK = { attemptsMax: 3, backoffMsBase: 5, backoffMsCap: 50, deadlineMs: 800 };

jest.setTimeout(15_000);

describe('a transaction on a connection that fails', () => {
  const database = useDatabase();
  let proxy: TcpProxy;
  let transactions: Transactions;

  const open = async (options: TransactionsOptions = {}): Promise<void> => {
    transactions = await Transactions.open(proxy.url, { poolSize: 2, ...options });
  };

  beforeAll(() => database.query('CREATE TABLE effects (id CHAR(36) PRIMARY KEY, run INT)'));

  beforeEach(async () => {
    await database.query('DELETE FROM effects');
    proxy = await TcpProxy.inFrontOf(database.url);
  });

  // Whatever broke, nothing stays open in the pool or on the server, and the pool still works.
  afterEach(async () => {
    proxy.acceptConnections();
    if (proxy.isSilent) proxy.speak();
    await eventually('no connection lent', () => transactions.lent === 0, 5_000);
    expect([transactions.gate.inUse, transactions.gate.waiting]).toEqual([0, 0]);
    await eventually('no transaction open', async () => (await openTransactionsIn(database)) === 0);
    for (let index = 0; index < 4; index++) {
      await transactions.runner.run('after', (tx) => tx.query('SELECT 1'));
    }
    await transactions.close();
    await proxy.close();
  });

  /** The pool has a connection that is prepared already: it breaks, too. */
  function atNextSession(plan: (at: RegExp) => Fault): Fault {
    proxy.cutAll();
    return plan(/^SET SESSION TRANSACTION/);
  }

  /** Has one effect; `runs` counts how often it ran, `learned` how often it learned of its commit. */
  class Work {
    readonly id = randomUUID();
    runs = 0;
    learned = 0;

    readonly run = async (tx: Transaction): Promise<number> => {
      this.runs += 1;
      tx.afterCommit(() => (this.learned += 1));
      await tx.query('INSERT INTO effects VALUES (?, ?)', [this.id, this.runs]);
      return this.runs;
    };

    readonly confirm: Confirmation<number> = async (tx) => {
      const rows = await tx.query<unknown[]>('SELECT 1 FROM effects WHERE id = ? FOR UPDATE', [
        this.id,
      ]);
      return rows.length > 0;
    };
  }

  const effects = async (work: Work): Promise<number[]> => {
    const rows = await database.query<{ run: number }>('SELECT run FROM effects WHERE id = ?', [
      work.id,
    ]);
    return rows.map((row) => row.run);
  };

  describe('before COMMIT', () => {
    it.each<[string, () => Fault]>([
      ['cut before a statement', () => proxy.cutBefore(INSERT)],
      ['cut before the answer to a statement', () => proxy.cutAfter(INSERT)],
      ['cut at START TRANSACTION', () => proxy.cutBefore(/^START TRANSACTION/)],
      ['cut while the session is prepared', () => atNextSession((at) => proxy.cutBefore(at))],
      ['refused by a node without a cluster', () => proxy.refuse(INSERT, NOT_READY)],
      ['refused by a server that only reads', () => proxy.refuse(INSERT, READ_ONLY)],
      ['cut twice', () => proxy.cutBefore(INSERT, { times: 2 })],
    ])('%s: runs again on another connection, with one effect', async (_, plan) => {
      await open();
      const fault = plan();
      const work = new Work();
      await transactions.runner.run('test', work.run);
      expect(fault.happened).toBeGreaterThanOrEqual(1);
      expect(await effects(work)).toEqual([work.runs]);
      expect(work.learned).toBe(1);
      expect(transactions.runner.counts.unknownCommits).toBe(0);
    });

    it('ends in database_unavailable without any change if it cannot connect', async () => {
      await open({ limits: { retry: QUICK } });
      proxy.refuseConnections();
      const fault = proxy.cutBefore(INSERT);
      const work = new Work();
      await expect(transactions.runner.run('test', work.run)).rejects.toMatchObject({
        code: 'database_unavailable',
        retryAfterSeconds: 1,
      });
      expect(fault.happened + proxy.refused).toBeGreaterThanOrEqual(QUICK.attemptsMax);
      expect(await effects(work)).toEqual([]);
      expect(work.learned).toBe(0);
    });
  });

  describe('at COMMIT, with a confirmation', () => {
    it.each<[string, () => Fault, number]>([
      ['cut before it: runs again', () => proxy.cutBefore(COMMIT), 2],
      ['cut after it: does not run again', () => proxy.cutAfter(COMMIT), 1],
      ['never arrives: runs again', () => proxy.stall(COMMIT), 2],
      ['refused without a cluster: runs again', () => proxy.refuse(COMMIT, NOT_PRIMARY), 2],
    ])('%s, with one effect', async (_, plan, runs) => {
      await open({ limits: SHORT_SILENCE });
      const fault = plan();
      const work = new Work();
      await expect(transactions.runner.run('test', work.run, work.confirm)).resolves.toBe(runs);
      expect(fault.happened).toBe(1);
      expect(await effects(work)).toEqual([runs]);
      expect(work.learned).toBe(1);
      expect(transactions.runner.counts.unknownCommits).toBe(1);
    });

    it('keeps asking for the outcome while connections break', async () => {
      await open();
      const cut = proxy.cutAfter(COMMIT);
      const asked = proxy.cutBefore(/FOR UPDATE/, { times: 3 });
      const work = new Work();
      await expect(transactions.runner.run('test', work.run, work.confirm)).resolves.toBe(1);
      expect([cut.happened, asked.happened]).toEqual([1, 3]);
      expect(await effects(work)).toEqual([1]);
    });

    it('waits for the lost transaction to end before it concludes that it failed', async () => {
      await open();
      // The COMMIT is still on its way for a while after the client was cut off.
      const cut = proxy.cutButDeliver(COMMIT, 300);
      const work = new Work();
      await expect(transactions.runner.run('test', work.run, work.confirm)).resolves.toBe(1);
      expect(cut.happened).toBe(1);
      expect(await effects(work)).toEqual([1]);
    });

    it.each<[string, (options: FaultOptions) => Fault, number]>([
      ['happened', (options) => proxy.cutAfter(COMMIT, options), 1],
      ['not happened', (options) => proxy.cutBefore(COMMIT, options), 0],
    ])(
      'that has %s ends in outcome_unknown in time if the database is unreachable',
      async (_, plan, count) => {
        await open({ limits: { confirm: { ...QUICK, attemptsMax: 100 } } });
        const fault = plan({ afterwards: () => proxy.refuseConnections() });
        const work = new Work();
        const started = Date.now();
        const running = transactions.runner.run('test', work.run, work.confirm);
        await expect(running).rejects.toMatchObject({
          code: 'outcome_unknown',
          extensions: { outcome: 'unknown' },
          retryAfterSeconds: 1,
        });
        expect(Date.now() - started).toBeLessThan(wallClock(QUICK.deadlineMs + 500));
        expect(fault.happened).toBe(1);
        expect(proxy.refused).toBeGreaterThan(1);
        expect(await effects(work)).toHaveLength(count);
        expect(work.learned).toBe(0);
      },
    );
  });

  it('ends in outcome_unknown if each COMMIT is lost, though none is found: another node may have it', async () => {
    await open({ limits: { retry: QUICK } });
    const cut = proxy.cutBefore(COMMIT, { times: QUICK.attemptsMax });
    const work = new Work();
    const running = transactions.runner.run('test', work.run, work.confirm);
    await expect(running).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(cut.happened).toBe(QUICK.attemptsMax);
    expect(await effects(work)).toEqual([]);
    expect(transactions.runner.counts.givenUp).toBe(1);
  });

  describe('at COMMIT, without a confirmation', () => {
    it.each<[string, () => Fault, number]>([
      ['before it', () => proxy.cutBefore(COMMIT), 0],
      ['after it', () => proxy.cutAfter(COMMIT), 1],
    ])('cut %s: ends in outcome_unknown, and is not run again', async (_, plan, count) => {
      await open();
      const fault = plan();
      const work = new Work();
      await expect(transactions.runner.run('test', work.run)).rejects.toMatchObject({
        code: 'outcome_unknown',
      });
      expect([fault.happened, work.runs]).toEqual([1, 1]);
      expect(await effects(work)).toHaveLength(count);
    });

    it('runs again if the server reports a rollback (a lost certification)', async () => {
      await open();
      const fault = proxy.refuse(COMMIT, CERTIFICATION);
      const work = new Work();
      await expect(transactions.runner.run('test', work.run)).resolves.toBe(2);
      expect(fault.happened).toBe(1);
      expect(await effects(work)).toEqual([2]);
      expect(transactions.runner.counts.unknownCommits).toBe(0);
    });
  });

  describe('whose ROLLBACK fails', () => {
    // In the pool with its transaction open, the connection would commit it at the next START
    // TRANSACTION.
    it.each<[string, () => Fault]>([
      ['is refused', () => proxy.refuse(ROLLBACK, NOT_READY)],
      ['is cut', () => proxy.cutBefore(ROLLBACK)],
      ['goes unanswered', () => proxy.stall(ROLLBACK)],
    ])('because it %s: no later transaction commits its changes', async (_, plan) => {
      await open({ poolSize: 1, limits: SHORT_SILENCE });
      const fault = plan();
      const failed = new Work();
      const running = transactions.runner.run('test', async (tx) => {
        await failed.run(tx);
        throw new Error('planted');
      });
      await expect(running).rejects.toThrow('planted');
      expect(fault.happened).toBe(1);
      const later = new Work();
      await transactions.runner.run('later', later.run);
      expect(await effects(later)).toEqual([1]);
      expect([failed.learned, later.learned]).toEqual([0, 1]);
      expect(await effects(failed)).toEqual([]);
    });
  });

  describe('on a server that stops answering', () => {
    it.each<[string, () => Fault]>([
      ['in the body', () => proxy.stall(INSERT)],
      ['at START TRANSACTION', () => proxy.stall(/^START TRANSACTION/)],
      ['while the session is prepared', () => atNextSession((at) => proxy.stall(at))],
    ])('%s: runs again on another connection', async (_, plan) => {
      await open({ limits: SHORT_SILENCE });
      const fault = plan();
      const work = new Work();
      await transactions.runner.run('test', work.run);
      expect(fault.happened).toBe(1);
      expect(await effects(work)).toEqual([work.runs]);
    });

    it('ends in database_unavailable if it lasts, and works again afterwards', async () => {
      await open({ limits: { ...SHORT_SILENCE, retry: { ...QUICK, attemptsMax: 2 } } });
      await transactions.runner.run('before', (tx) => tx.query('SELECT 1'));
      proxy.goSilent();
      const started = Date.now();
      const works = [new Work(), new Work(), new Work()];
      const ends = await Promise.allSettled(
        works.map((work) => transactions.runner.run('test', work.run)),
      );
      for (const end of ends) {
        expect(end).toMatchObject({ reason: { code: 'database_unavailable' } });
      }
      expect(Date.now() - started).toBeLessThan(wallClock(3_000));
      expect(proxy.withheld).toBeGreaterThan(0);
      proxy.speak();
      const after = new Work();
      await transactions.runner.run('after', after.run);
      expect(await effects(after)).toEqual([1]);
      for (const work of works) expect(await effects(work)).toEqual([]);
    });
  });
});
