import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../src/platform/errors/index.js';
import { StaleReadError, type Transaction } from '../../src/platform/database/index.js';
import { connectTo, useDatabase } from '../kit/index.js';
import {
  eventually,
  openTransactionsIn,
  rendezvous,
  Transactions,
  type TransactionsOptions,
} from '../kit/transactions.js';

const ONCE = { attemptsMax: 1, backoffMsBase: 1, backoffMsCap: 1, deadlineMs: 60_000 };

const add = (tx: Transaction, id: number, amount: number): Promise<unknown> =>
  tx.query('UPDATE accounts SET amount = amount + ? WHERE id = ?', [amount, id]);

describe('a transaction', () => {
  const database = useDatabase();
  const opened: Transactions[] = [];

  const open = async (options?: TransactionsOptions): Promise<Transactions> => {
    const transactions = await Transactions.open(database.url, options);
    opened.push(transactions);
    return transactions;
  };

  const amounts = async (): Promise<number[]> => {
    const rows = await database.query<{ amount: number }>(
      'SELECT amount FROM accounts ORDER BY id',
    );
    return rows.map((row) => row.amount);
  };

  /** Another client of the database, who holds the row of an account until told otherwise. */
  const lockElsewhere = async (id: number): Promise<() => Promise<void>> => {
    const other = await connectTo(database.url);
    await other.beginTransaction();
    await other.query('SELECT id FROM accounts WHERE id = ? FOR UPDATE', [id]);
    return () => other.end();
  };

  beforeAll(() =>
    database.query('CREATE TABLE accounts (id INT PRIMARY KEY, amount INT NOT NULL)'),
  );

  beforeEach(async () => {
    await database.query('DELETE FROM accounts');
    await database.query('INSERT INTO accounts VALUES (1, 0), (2, 0)');
  });

  // Whatever a test did: nothing is left open, in the pool or on the server.
  afterEach(async () => {
    for (const transactions of opened) {
      expect(transactions.lent).toBe(0);
      expect(transactions.gate.inUse).toBe(0);
      expect(transactions.gate.waiting).toBe(0);
    }
    await eventually('no transaction open', async () => (await openTransactionsIn(database)) === 0);
    for (const transactions of opened.splice(0)) await transactions.close();
  });

  it('commits what the work did, and answers what it returned', async () => {
    const { runner } = await open();
    const answer = await runner.run('test', async (tx) => {
      await add(tx, 1, 5);
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await amounts()).toEqual([5, 0]);
  });

  it('is READ COMMITTED, in UTC, strict, and waits 3 s for a lock, whatever the server says', async () => {
    const { runner } = await open();
    const isolation = (await database.query("SHOW VARIABLES LIKE 'transaction_isolation'")).length;
    const level = isolation > 0 ? '@@transaction_isolation' : '@@tx_isolation';
    const [row] = await runner.run('test', (tx) =>
      tx.query<Record<string, unknown>[]>(
        `SELECT ${level} AS level, @@time_zone AS zone, @@innodb_lock_wait_timeout AS wait,
                LOCATE('STRICT_ALL_TABLES', @@sql_mode) > 0 AS strict`,
      ),
    );
    expect({ ...row, wait: Number(row!['wait']), strict: Number(row!['strict']) }).toEqual({
      level: 'READ-COMMITTED',
      zone: '+00:00',
      wait: 3,
      strict: 1,
    });
  });

  it('that loses a deadlock runs again, whole, and both sides get through', async () => {
    const { runner } = await open();
    const bothHoldOne = rendezvous(2);
    const crossing = (first: number, second: number) =>
      runner.run('test', async (tx) => {
        await add(tx, first, 1);
        await bothHoldOne();
        await add(tx, second, 10);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    expect(await amounts()).toEqual([11, 11]);
    expect([...runner.counts.retries]).toEqual([['1213', 1]]);
  });

  it('that waits too long for a lock is rolled back and runs again; nothing is done twice', async () => {
    const { runner } = await open();
    const unlock = await lockElsewhere(2);
    const started = Date.now();
    const running = runner.run('test', async (tx) => {
      await add(tx, 1, 1);
      await add(tx, 2, 1);
    });
    await eventually('one retry', () => runner.counts.retries.get('1205') === 1);
    expect(Date.now() - started).toBeGreaterThan(2_900);
    await unlock();
    await running;
    expect(await amounts()).toEqual([1, 1]);
  });

  it('that waits too long too often ends in lock_timeout, and nothing has changed', async () => {
    const { runner } = await open({ limits: { retry: ONCE } });
    const unlock = await lockElsewhere(2);
    const error = await runner
      .run('test', async (tx) => {
        await add(tx, 1, 1);
        await add(tx, 2, 1);
      })
      .catch((thrown: unknown) => thrown);
    await unlock();
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({
      code: 'lock_timeout',
      retryAfterSeconds: 1,
      cause: { driverError: { errno: 1205 } },
    });
    expect(runner.counts.givenUp).toBe(1);
    expect(await amounts()).toEqual([0, 0]);
  });

  it('whose work finds itself overtaken runs again', async () => {
    const { runner } = await open();
    let runs = 0;
    await runner.run('test', async (tx) => {
      await add(tx, 1, 1);
      runs += 1;
      if (runs < 3) throw new StaleReadError(new Error('planted'));
    });
    expect(runs).toBe(3);
    expect(await amounts()).toEqual([1, 0]);
  });

  it('whose work throws is rolled back, and the error comes through as it is', async () => {
    const { runner } = await open();
    const refusal = new DomainError('sold_out');
    let runs = 0;
    const running = runner.run('test', async (tx) => {
      runs += 1;
      await add(tx, 1, 1);
      throw refusal;
    });
    await expect(running).rejects.toBe(refusal);
    expect(runs).toBe(1);
    expect(await amounts()).toEqual([0, 0]);
  });

  it('with a statement that cannot be right is not tried again', async () => {
    const { runner } = await open();
    let runs = 0;
    const running = runner.run('test', async (tx) => {
      runs += 1;
      await add(tx, 1, 1);
      await tx.query('SELECT nothing FROM nowhere');
    });
    await expect(running).rejects.toThrow('nowhere');
    expect(runs).toBe(1);
    expect(await amounts()).toEqual([0, 0]);
  });

  it('inside a transaction is refused, and the outer one is rolled back', async () => {
    const { runner } = await open();
    const running = runner.run('outer', async (tx) => {
      await add(tx, 1, 1);
      await runner.run('inner', (inner) => add(inner, 2, 1));
    });
    await expect(running).rejects.toThrow('"inner" was started inside "outer"');
    expect(await amounts()).toEqual([0, 0]);
    // The tripwire ends with the transaction.
    await runner.run('after', (tx) => add(tx, 2, 1));
    expect(await amounts()).toEqual([0, 1]);
  });

  describe('in front of a small pool', () => {
    it('waits its turn: 50 callers on 2 connections all finish', async () => {
      const transactions = await open({ poolSize: 2 });
      let inUseMax = 0;
      const callers = Array.from({ length: 50 }, (_, index) =>
        transactions.runner.run('test', async (tx) => {
          inUseMax = Math.max(inUseMax, transactions.lent);
          await add(tx, 1 + (index % 2), 1);
        }),
      );
      await Promise.all(callers);
      expect(await amounts()).toEqual([25, 25]);
      expect(inUseMax).toBe(2);
    });

    it('is refused at once where too many wait, and those who wait are served', async () => {
      const { runner, gate } = await open({ poolSize: 2, waitersMax: 3 });
      const unlock = await lockElsewhere(1);
      const callers = Array.from({ length: 5 }, () => runner.run('test', (tx) => add(tx, 1, 1)));
      expect([gate.inUse, gate.waiting]).toEqual([2, 3]);
      const tooMany = runner.run('test', (tx) => add(tx, 1, 1));
      // Before anything that the database says can be heard.
      const first = await Promise.race([tooMany.catch(() => 'refused'), nextTurn('waiting')]);
      await expect(tooMany).rejects.toMatchObject({
        code: 'overloaded',
        retryAfterSeconds: 1,
      });
      expect(first).toBe('refused');
      await unlock();
      await Promise.all(callers);
      expect(await amounts()).toEqual([5, 0]);
    });

    it('does not wait for ever', async () => {
      const { runner } = await open({ poolSize: 1, waitMsMax: 100 });
      const unlock = await lockElsewhere(1);
      const first = runner.run('test', (tx) => add(tx, 1, 1));
      await expect(runner.run('test', (tx) => add(tx, 1, 1))).rejects.toMatchObject({
        code: 'overloaded',
      });
      await unlock();
      await first;
      await sleep(10);
      expect(await amounts()).toEqual([1, 0]);
    });
  });
});
