import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import mysql from 'mysql2/promise';
import { migrateUp, parseDatabaseUrl } from '../../src/platform/index.js';

/** A database of one test file, with the product's own migrations applied. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  query<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

/**
 * Gives a test file a database of its own: made before its tests, dropped after them, kept if one
 * was red.
 */
export function useDatabase(): TestDatabase {
  const state = { url: '', name: '', connection: undefined as mysql.Connection | undefined };
  beforeAll(async () => {
    state.name = nameFor(expect.getState().testPath ?? 'unknown');
    state.url = await createDatabase(state.name);
    state.connection = await connectTo(state.url);
  });
  afterAll(async () => {
    const isRed = (globalThis as { hasRedTest?: boolean }).hasRedTest === true;
    if (isRed) keep(state.url);
    else await state.connection?.query(`DROP DATABASE ${state.name}`);
    await state.connection?.end();
  });
  return {
    get url() {
      return state.url;
    },
    get name() {
      return state.name;
    },
    query: async <Row>(sql: string, parameters: unknown[] = []) => {
      const [rows] = await state.connection!.query(sql, parameters);
      return rows as Row[];
    },
  };
}

/** An open connection with the settings of our data source. */
export async function connectTo(url: string): Promise<mysql.Connection> {
  const { username, ...address } = parseDatabaseUrl(url);
  return mysql.createConnection({
    ...address,
    user: username,
    timezone: 'Z',
    charset: 'utf8mb4',
  });
}

async function createDatabase(name: string): Promise<string> {
  const serverUrl = process.env['TEST_SERVER_URL'];
  if (serverUrl === undefined) throw new Error('No database server: run this through npm test');
  const admin = await connectTo(serverUrl);
  await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await admin.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrateUp(url.href);
  return url.href;
}

function nameFor(testPath: string): string {
  const subject = basename(testPath).replace(/\W+/g, '_').slice(0, 40);
  return `t_${subject}_${randomBytes(3).toString('hex')}`;
}

function keep(url: string): void {
  process.stderr.write(`A test was red; its database is kept: ${url}\n`);
  const socket = new URL(url).searchParams.get('socketPath');
  if (socket !== null) writeFileSync(join(dirname(socket), 'kept'), '');
}
