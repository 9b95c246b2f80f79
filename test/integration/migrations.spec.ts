import { randomBytes } from 'node:crypto';
import type { Connection } from 'mysql2/promise';
import { migrations } from '../../migrations/index.js';
import { migrateDown } from '../../src/platform/database/migrate.js';
import { migrateUp, migrationStatus } from '../../src/platform/database/index.js';
import { connectTo, ServiceProcess } from '../kit/index.js';
import { createEmptyDatabase } from '../kit/database.js';
import { TcpProxy } from '../kit/tcp-proxy.js';

/** Tables that record which migrations have run; they stay when all are reverted. */
const BOOKKEEPING = ['migration_lock', 'migrations'];

const PUBLISHED_AT = 'RememberWhenEventsWerePublished1795200000011';

const names = migrations.map((migration) => migration.name);

const emptyDatabase = (): Promise<string> =>
  createEmptyDatabase(`t_migrations_${randomBytes(3).toString('hex')}`);

/** The CREATE TABLE statement of each table, by name. */
async function schemaOf(url: string): Promise<Record<string, string>> {
  const connection = await connectTo(url);
  try {
    const [tables] = await connection.query('SHOW TABLES');
    const schema: Record<string, string> = {};
    for (const row of tables as Record<string, string>[]) {
      const [table] = Object.values(row) as [string];
      if (BOOKKEEPING.includes(table)) continue;
      const [made] = await connection.query(`SHOW CREATE TABLE ${table}`);
      schema[table] = (made as Record<string, string>[])[0]!['Create Table']!;
    }
    return schema;
  } finally {
    await connection.end();
  }
}

/** Reverts all migrations down to this one; returns the message if one cannot be reverted. */
async function downTo(url: string, name: string): Promise<string | undefined> {
  const { done } = await migrationStatus(url);
  for (let left = done.length - done.indexOf(name); left > 0; left -= 1) {
    try {
      await migrateDown(url);
    } catch (error) {
      return (error as Error).message;
    }
  }
  return undefined;
}

/** A database as it was before a migration, and a connection that may write rows without those they refer to. */
async function databaseBefore(migration: string): Promise<{ url: string; connection: Connection }> {
  const url = await emptyDatabase();
  await migrateUp(url);
  await downTo(url, migration);
  const connection = await connectTo(url);
  await connection.query('SET foreign_key_checks = 0');
  return { url, connection };
}

describe('migrations', () => {
  let whole: Promise<Record<string, string>> | undefined;

  /** The schema after an uninterrupted run. */
  const wholeSchema = (): Promise<Record<string, string>> =>
    (whole ??= emptyDatabase().then(async (url) => {
      await migrateUp(url);
      return schemaOf(url);
    }));

  it('go up, all the way down, and up again to the same schema', async () => {
    const url = await emptyDatabase();
    expect((await migrateUp(url)).map((migration) => migration.name)).toEqual(names);
    const schema = await schemaOf(url);
    expect(Object.keys(schema)).toEqual(expect.arrayContaining(['bookings', 'sections']));
    for (let left = names.length; left > 0; left -= 1) await migrateDown(url);
    expect(await schemaOf(url)).toEqual({});
    await migrateUp(url);
    expect(await schemaOf(url)).toEqual(schema);
  });

  it('report which have run and which are pending', async () => {
    const url = await emptyDatabase();
    expect(await migrationStatus(url)).toMatchObject({ done: [], pending: names });
    await migrateUp(url);
    expect(await migrationStatus(url)).toMatchObject({ done: names, pending: [] });
    await migrateDown(url);
    expect(await migrationStatus(url)).toMatchObject({
      done: names.slice(0, -1),
      pending: names.slice(-1),
    });
    expect(await migrateUp(url)).toHaveLength(1);
    expect(await migrateUp(url)).toEqual([]);
  });

  it('are not reverted if two organisers would have to share a user', async () => {
    const url = await emptyDatabase();
    await migrateUp(url);
    const organisers = 'AddOrganisersAndKeys1795200000006';
    await downTo(url, names[names.indexOf(organisers) + 1]!);
    const connection = await connectTo(url);
    await connection.query(
      `INSERT INTO users (id, organiser_id, identifier, created_at)
       VALUES (UUID(), UUID(), 'twin-of-both', NOW()), (UUID(), UUID(), 'twin-of-both', NOW())`,
    );
    const before = await schemaOf(url);
    const refused = await downTo(url, organisers);
    expect(refused).toMatch(/^Cannot revert: 1 identifiers are known to more than one organiser/);
    expect(refused).not.toContain('twin-of-both');
    expect(await schemaOf(url)).toEqual(before);
    await connection.query('DELETE FROM users');
    await connection.end();
    expect(await downTo(url, organisers)).toBeUndefined();
  });

  it('tell which cancelled events were published, by the messages of any version', async () => {
    const { url, connection } = await databaseBefore(PUBLISHED_AT);
    const messages = {
      single: ['event.published', '{}'],
      batch: ['batch', '[{"type":"event.cancelled"},{"type":"event.published","payload":{}}]'],
      draft: ['batch', '[{"type":"event.cancelled","payload":{}}]'],
    };
    for (const [id, [type, payload]] of Object.entries(messages)) {
      await connection.query(
        `INSERT INTO events (id, organiser_id, name, status, version, created_at, updated_at)
         VALUES (?, 'organiser', ?, 'CANCELLED', 1, NOW(), NOW())`,
        [id, id],
      );
      await connection.query(
        `INSERT INTO outbox_messages (id, event_id, section_id, sequence, type, payload, created_at)
         VALUES (?, ?, NULL, 1, ?, ?, NOW())`,
        [id, id, type, payload],
      );
    }
    await migrateUp(url);
    const [rows] = await connection.query(
      'SELECT id FROM events WHERE published_at IS NOT NULL ORDER BY id',
    );
    expect(rows).toEqual([{ id: 'batch' }, { id: 'single' }]);
    await connection.end();
  });

  it('leave no event on sale without the time when it was published, with or without messages', async () => {
    const { url, connection } = await databaseBefore(PUBLISHED_AT);
    for (const id of ['told', 'untold']) {
      await connection.query(
        `INSERT INTO events (id, organiser_id, name, status, version, created_at, updated_at)
         VALUES (?, 'organiser', ?, 'PUBLISHED', 1, '2026-01-01', '2026-02-01')`,
        [id, id],
      );
    }
    await connection.query(
      `INSERT INTO outbox_messages (id, event_id, section_id, sequence, type, payload, created_at)
       VALUES ('1', 'told', NULL, 1, 'event.published', '{}', '2026-01-15')`,
    );
    await migrateUp(url);
    const [rows] = await connection.query(
      `SELECT id, DATE_FORMAT(published_at, '%Y-%m-%d') AS day FROM events ORDER BY id`,
    );
    expect(rows).toEqual([
      { id: 'told', day: '2026-01-15' },
      { id: 'untold', day: '2026-01-01' },
    ]);
    await connection.end();
  });

  it('leave the price of earlier bookings and holds open, and let earlier versions write more', async () => {
    const prices = 'RecordWhatPlacesCost1795200000021';
    const { url, connection } = await databaseBefore(prices);
    const asBefore = async (id: string): Promise<void> => {
      await connection.query(
        `INSERT INTO bookings (id, event_id, section_id, user_id, quantity, status, created_at)
         VALUES ('${id}', 'event', 'section', 'user', 1, 'CONFIRMED', NOW())`,
      );
      await connection.query(
        `INSERT INTO holds (id, event_id, section_id, user_id, quantity, status, expires_at, created_at)
         VALUES ('${id}', 'event', 'section', 'user', 1, 'HELD', NOW(), NOW())`,
      );
    };
    await asBefore('earlier');
    await migrateUp(url);
    await asBefore('later');
    for (const table of ['bookings', 'holds']) {
      const select = `SELECT id, price_amount, price_currency FROM ${table} ORDER BY id`;
      const [rows] = await connection.query(select);
      const none = { price_amount: null, price_currency: null };
      expect(rows).toEqual([
        { id: 'earlier', ...none },
        { id: 'later', ...none },
      ]);
    }
    await connection.end();
    expect(await downTo(url, prices)).toBeUndefined();
  });

  it('run once, however many instances start on an empty database at once', async () => {
    const url = await emptyDatabase();
    const ran = await Promise.all(Array.from({ length: 5 }, () => migrateUp(url)));
    expect(ran.map((some) => some.length).toSorted((a, b) => a - b)).toEqual([
      0,
      0,
      0,
      0,
      names.length,
    ]);
    expect(await schemaOf(url)).toEqual(await wholeSchema());
    const connection = await connectTo(url);
    const [rows] = await connection.query('SELECT name FROM migrations ORDER BY id');
    await connection.end();
    expect(rows).toEqual(names.map((name) => ({ name })));
  });

  it('raise the lock wait timeout before they wait for another instance', async () => {
    const proxy = await TcpProxy.inFrontOf(await emptyDatabase());
    await migrateUp(proxy.url);
    const indexOf = (text: string) => proxy.statements.findIndex((sql) => sql.includes(text));
    // Both statements wait for the row that another instance has changed.
    const waits = ['INSERT IGNORE INTO migration_lock', 'UPDATE migration_lock'].map(indexOf);
    const allowed = indexOf('innodb_lock_wait_timeout = 600');
    expect(allowed).toBeGreaterThanOrEqual(0);
    for (const wait of waits) expect(wait).toBeGreaterThan(allowed);
    await proxy.close();
  });

  it.each([
    ['before a table', (proxy: TcpProxy) => proxy.cutBefore(/CREATE TABLE IF NOT EXISTS bookings/)],
    ['after a table', (proxy: TcpProxy) => proxy.cutAfter(/CREATE TABLE IF NOT EXISTS bookings/)],
    ['after a foreign key', (proxy: TcpProxy) => proxy.cutAfter(/CONSTRAINT fk_tickets_booking/)],
    [
      'before it is recorded',
      (proxy: TcpProxy) => proxy.cutBefore(/INSERT INTO.*CreateBookingTables/),
    ],
  ])('that are interrupted %s are completed by the next run', async (_, plan) => {
    const url = await emptyDatabase();
    const proxy = await TcpProxy.inFrontOf(url);
    const fault = plan(proxy);
    jest.spyOn(console, 'log').mockReturnValueOnce();
    const failed = await migrateUp(proxy.url).then(
      () => false,
      () => true,
    );
    await proxy.close();
    expect({ failed, faults: fault.happened }).toEqual({ failed: true, faults: 1 });
    await migrateUp(url);
    expect(await schemaOf(url)).toEqual(await wholeSchema());
  });

  it('that fail let the next instance run them', async () => {
    const url = await emptyDatabase();
    const connection = await connectTo(url);
    await connection.query('CREATE TABLE events (id INT)');
    // TypeORM logs the error as well.
    jest.spyOn(console, 'log').mockReturnValueOnce();
    await expect(migrateUp(url)).rejects.toThrow(
      'The table events exists and was not created by Rowlock',
    );
    await connection.query('DROP TABLE events');
    await connection.end();
    expect(await migrateUp(url)).toHaveLength(names.length);
  });

  it('that are pending stop the service from starting, with one line and no stack', async () => {
    const url = await emptyDatabase();
    const start = ServiceProcess.start({ DATABASE_URL: url });
    await expect(start).rejects.toThrow(
      `The service ended with 1: Rowlock could not start. ` +
        `${names.length} migrations have not run on this database: npm run migrate\n`,
    );
    await start.catch((error: Error) => expect(error.message.trim().split('\n')).toHaveLength(1));
  });
});
