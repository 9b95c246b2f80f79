import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// Without `.js`: jest does not apply moduleNameMapper to its global setup.
import { connectTo } from '../kit/connect';
import { RED_FOLDER } from './red-databases';
import { writeTemplate } from './template';
import { startThrowAwayServer } from './throw-away-server';

/** Handed to the teardown, which jest runs in the same process. */
export interface SetUp {
  end(): Promise<void>;
}

/**
 * Starts one server for all suites in a temporary folder, unless TEST_SERVER_URL names one (its user must
 * be allowed to create databases), and prepares the template of every test file's database.
 */
export default async function globalSetup(): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  rmSync(RED_FOLDER, { recursive: true, force: true });
  const server = await ownServer(say);
  if (server !== undefined) process.env['TEST_SERVER_URL'] = server.url;
  const serverUrl = process.env['TEST_SERVER_URL']!;
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-template-'));
  const name = `t_template_${randomBytes(3).toString('hex')}`;
  const plan = { name, url: urlOf(serverUrl, name), file: join(folder, 'template.sql') };
  const connection = await connectTo(serverUrl);
  await writeTemplate(connection, plan);
  process.env['TEST_TEMPLATE'] = plan.file;
  const setUp: SetUp = {
    end: async () => {
      rmSync(folder, { recursive: true, force: true });
      if (server === undefined) await connection.query(`DROP DATABASE ${name}`);
      connection.destroy();
      await server?.end();
    },
  };
  Object.assign(globalThis, { setUp });
}

async function ownServer(say: (line: string) => void) {
  if (process.env['TEST_SERVER_URL'] !== undefined) return undefined;
  const server = await startThrowAwayServer(say);
  say(`Tests run on ${server.description}`);
  return server;
}

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
