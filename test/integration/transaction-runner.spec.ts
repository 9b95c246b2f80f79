import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../src/platform/errors/index.js';
import { StaleReadError, type Transaction } from '../../src/platform/database/index.js';
import { connectTo, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import {
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

  /** Locks the row of an account on another connection, until the returned function is called. */
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

  // After each test, nothing may be open in the pool or on the server.
  afterEach(async () => {
    for (const transactions of opened) {
      expect(transactions.lent).toBe(0);
      expect(transactions.gate.inUse).toBe(0);
      expect(transactions.gate.waiting).toBe(0);
    }
    await eventually('no transaction open', async () => (await openTransactionsIn(database)) === 0);
    for (const transactions of opened.splice(0)) await transactions.close();
  });

  it('commits its work and returns the result', async () => {
    const { runner } = await open();
    const answer = await runner.run('test', async (tx) => {
      await add(tx, 1, 5);
      return 'done';
    });
    expect(answer).toBe('done');
    expect(await amounts()).toEqual([5, 0]);
  });

  it('overrides the server: READ COMMITTED, UTC, strict, and 3 s of lock wait', async () => {
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

  it('that loses a deadlock is retried as a whole, and both sides commit', async () => {
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

  it('that waits too long for a lock is rolled back and retried, with one effect', async () => {
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

  it('that waits too long on its last attempt fails with lock_timeout and no effect', async () => {
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
      cause: { errno: 1205 },
    });
    expect(runner.counts.givenUp).toBe(1);
    expect(await amounts()).toEqual([0, 0]);
  });

  it('whose work has read stale data is retried', async () => {
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

  it('whose work throws is rolled back, and the error is passed on unchanged', async () => {
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

  it('with an invalid statement is not retried', async () => {
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
    // The check for nesting ends with the transaction.
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

    it('is refused at once if too many wait, and those waiting are served', async () => {
      const { runner, gate } = await open({ poolSize: 2, waitersMax: 3 });
      const unlock = await lockElsewhere(1);
      const callers = Array.from({ length: 5 }, () => runner.run('test', (tx) => add(tx, 1, 1)));
      expect([gate.inUse, gate.waiting]).toEqual([2, 3]);
      const tooMany = runner.run('test', (tx) => add(tx, 1, 1));
      // One turn of the event loop is too short for any answer of the database.
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

    it('does not wait forever', async () => {
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
