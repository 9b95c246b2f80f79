import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import type * as Launcher from '../../src/embedded-mysql/embedded-server.js';
import type * as Migrations from '../../src/platform/database/migrate.js';
import { connectTo } from '../../test/kit/connect.js';
import { atTheEnd } from './cleanup.js';
import { ROOT } from './paths.js';

/** A compiled product: its dist folder, with node_modules beside or above it. */
export interface Build {
  readonly name: string;
  readonly dist: string;
}

export const THIS_BUILD: Build = { name: 'this build', dist: join(ROOT, 'dist') };

export interface Server {
  readonly url: string;
  readonly description: string;
  /** Its process, if it is ours. */
  readonly pid: number | undefined;
}

/** One database of the server, with the schema of one build; dropped when the scenario ends. */
export interface Database {
  readonly url: string;
  readonly connection: mysql.Connection;
  drop(): Promise<void>;
}

const TMPFS = 0x01021994;

/** A folder on a disk: where /tmp is memory, a flush is free and every figure would be too good. */
export function makeFolder(): string {
  const inMemory = statfsSync(tmpdir()).type === TMPFS;
  const parent = inMemory ? join(ROOT, '.data') : tmpdir();
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'rowlock-bench-'));
  atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The server that was given, or the product's own embedded one in the throw-away folder. */
export async function openServer(given: string | undefined, folder: string): Promise<Server> {
  if (given !== undefined) {
    const { host, pathname } = new URL(given);
    const url = new URL(given);
    // Whatever database it names is left alone; a connection only needs some name to parse.
    url.pathname = pathname.length > 1 ? pathname : '/mysql';
    return { url: url.href, description: `server at ${host}`, pid: undefined };
  }
  const path = join(THIS_BUILD.dist, 'src/embedded-mysql/embedded-server.js');
  const { startEmbeddedServer } = (await import(path)) as typeof Launcher;
  const server = await startEmbeddedServer({
    dataDir: join(folder, 'mysql'),
    binary: process.env['EMBEDDED_MYSQLD'],
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  atTheEnd(() => server.stop());
  return {
    url: server.url,
    description: server.description.replace(/, data in .*/, ''),
    pid: server.pid,
  };
}

export async function createDatabase(server: Server, build: Build): Promise<Database> {
  const name = `rowlock_bench_${randomBytes(4).toString('hex')}`;
  const admin = await connectTo(server.url);
  await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`);
  await admin.end();
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  let dropped = false;
  const drop = async (): Promise<void> => {
    if (dropped) return;
    dropped = true;
    await connection.query(`DROP DATABASE ${name}`);
    await connection.end();
  };
  const connection = await connectTo(url.href);
  atTheEnd(drop);
  const path = join(build.dist, 'src/platform/database/migrate.js');
  const { migrateUp } = (await import(path)) as typeof Migrations;
  await migrateUp(url.href);
  return { url: url.href, connection, drop };
}

/** @returns the first column of the first row */
export async function scalar(
  connection: mysql.Connection,
  sql: string,
  parameters: unknown[] = [],
): Promise<string> {
  const [rows] = await connection.query<mysql.RowDataPacket[]>(sql, parameters);
  return String(Object.values(rows[0] ?? {})[0]);
}
