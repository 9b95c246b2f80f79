import { DataSource, type Migration } from 'typeorm';
import { dataSourceOptions } from './data-source-options.js';
import { ServerFacts, SHOW_SERVER, type VariableRow } from './server-facts.js';

const LOCK_TABLE = `CREATE TABLE IF NOT EXISTS migration_lock (
  id TINYINT NOT NULL PRIMARY KEY, taken_at DATETIME(3) NULL) ENGINE=InnoDB`;

/** Longer than any migration may take while another instance waits for it. */
const LOCK_WAIT_SECONDS = 600;

/**
 * Brings the schema up to date. Instances that start at the same moment do it one after the other: a row
 * lock on one connection guards the DDL on another (DDL commits, which would release a lock on its own
 * connection). The lock ends with its connection, so a killed migration blocks no other.
 *
 * @returns the migrations that ran
 */
export async function migrateUp(databaseUrl: string): Promise<Migration[]> {
  return withMigrationLock(databaseUrl, (dataSource) =>
    // MySQL commits at every DDL statement: a transaction around it would only pretend.
    dataSource.runMigrations({ transaction: 'none' }),
  );
}

/** Reverts the latest migration. */
export async function migrateDown(databaseUrl: string): Promise<void> {
  await withMigrationLock(databaseUrl, (dataSource) =>
    dataSource.undoLastMigration({ transaction: 'none' }),
  );
}

/** The names of the migrations that have run, of those still pending, and what the server is. */
export async function migrationStatus(
  databaseUrl: string,
): Promise<{ done: string[]; pending: string[]; server: string }> {
  const dataSource = await openForMigrations(databaseUrl, 2);
  try {
    const all = dataSource.migrations.map((migration) => migration.name ?? 'unnamed');
    const done = await namesDone(dataSource);
    const server = new ServerFacts(await dataSource.query<VariableRow[]>(SHOW_SERVER));
    const pending = all.filter((name) => !done.includes(name));
    return { done, pending, server: server.describe() };
  } finally {
    await dataSource.destroy();
  }
}

const openForMigrations = (databaseUrl: string, connections: number): Promise<DataSource> =>
  new DataSource(dataSourceOptions(databaseUrl, connections, { kind: 'migrations' })).initialize();

/** The names of the migrations that have run, in order. */
export async function namesDone(database: {
  query(sql: string): Promise<unknown>;
}): Promise<string[]> {
  const tables = (await database.query("SHOW TABLES LIKE 'migrations'")) as unknown[];
  if (tables.length === 0) return [];
  const rows = await database.query('SELECT name FROM migrations ORDER BY timestamp');
  return (rows as { name: string }[]).map((row) => row.name);
}

async function withMigrationLock<T>(
  databaseUrl: string,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const dataSource = await openForMigrations(databaseUrl, 3);
  const lock = dataSource.createQueryRunner();
  try {
    await lock.query(LOCK_TABLE);
    await lock.query(`SET SESSION innodb_lock_wait_timeout = ${LOCK_WAIT_SECONDS}`);
    // This waits, too, while another instance locks the row.
    await lock.query('INSERT IGNORE INTO migration_lock (id) VALUES (1)');
    await lock.startTransaction();
    // An update, not only a lock: on Galera, a lock without a write has no effect on other nodes.
    await lock.query('UPDATE migration_lock SET taken_at = UTC_TIMESTAMP(3) WHERE id = 1');
    const result = await work(dataSource);
    await lock.commitTransaction();
    return result;
  } finally {
    await lock.release();
    await dataSource.destroy();
  }
}
