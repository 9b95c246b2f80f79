import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type mysql from 'mysql2/promise';
import { connectTo } from './connect.js';
import { assertInvariants } from './invariants.js';

/** The database of one test file, with the schema of the product's own migrations. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  query<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
}

/** Processes and databases that the test environment stops and drops after a test file (setup/environment.ts). */
export interface FileGlobals {
  testDatabases?: string[];
  testProcesses?: ChildProcess[];
  testFolders?: string[];
}

/**
 * Gives a test file its own database. After its tests the invariants must hold; then the database
 * is dropped, and dumped before if a test failed.
 */
export function useDatabase(): TestDatabase {
  const state = { url: '', name: '', connection: undefined as mysql.Connection | undefined };
  beforeAll(async () => {
    state.name = nameFor(expect.getState().testPath ?? 'unknown');
    state.url = await createDatabase(state.name);
    state.connection = await connectTo(state.url);
  });
  afterAll(async () => {
    await state.connection?.end();
    await assertInvariants(state.url);
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

async function createDatabase(name: string): Promise<string> {
  const url = await createEmptyDatabase(name);
  const connection = await connectTo(url, { multipleStatements: true });
  // Written by setup/template.ts.
  await connection.query(readFileSync(process.env['TEST_TEMPLATE']!, 'utf8'));
  await connection.end();
  return url;
}

/** Creates a database without tables, to be dropped with its test file; returns its URL. */
export async function createEmptyDatabase(name: string): Promise<string> {
  const serverUrl = process.env['TEST_SERVER_URL'];
  if (serverUrl === undefined) throw new Error('No database server: run this through npm test');
  const admin = await connectTo(serverUrl);
  await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await admin.end();
  ((globalThis as FileGlobals).testDatabases ??= []).push(name);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

function nameFor(testPath: string): string {
  const subject = basename(testPath).replace(/\W+/g, '_').slice(0, 40);
  return `t_${subject}_${randomBytes(3).toString('hex')}`;
}
