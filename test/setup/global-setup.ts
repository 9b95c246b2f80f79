import 'reflect-metadata';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Launcher from '../../src/embedded-mysql/embedded-server.js';

/** Compiled: jest maps no module names here, so `.js` must be what it says. */
const LAUNCHER = join(__dirname, '../../dist/src/embedded-mysql/embedded-server.js');

/** What the teardown needs; jest runs both in one process. */
export interface SharedServer {
  readonly server: Launcher.EmbeddedServer;
  readonly folder: string;
}

/**
 * One real server for all suites, in a throw-away folder, by the product's own launcher; or the one
 * that TEST_SERVER_URL names (its user must be allowed to create databases).
 */
export default async function globalSetup(): Promise<void> {
  if (process.env['TEST_SERVER_URL'] !== undefined) return;
  const folder = await mkdtemp(join(tmpdir(), 'rowlock-test-'));
  const { startEmbeddedServer } = (await import(LAUNCHER)) as typeof Launcher;
  const server = await startEmbeddedServer({
    dataDir: folder,
    binary: process.env['EMBEDDED_MYSQLD'],
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stderr.write(`Tests run on ${server.description}\n`);
  process.env['TEST_SERVER_URL'] = server.url;
  const shared: SharedServer = { server, folder };
  Object.assign(globalThis, { sharedServer: shared });
}
