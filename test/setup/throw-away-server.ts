import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Binary from '../../src/embedded-mysql/binary.js';
import type * as Launcher from '../../src/embedded-mysql/embedded-server.js';

/** Compiled: jest maps no module names in its global setup, so `.js` must be what it says. */
const EMBEDDED = join(__dirname, '../../dist/src/embedded-mysql');

/** A crash of this server loses nothing that anybody needs, so it waits for no disk. */
const WITHOUT_DURABILITY = [
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-flush-method=nosync',
  '--innodb-doublewrite=0',
  '--sync-binlog=0',
  '--skip-log-bin',
];

export interface ThrowAwayServer {
  readonly url: string;
  readonly description: string;
  /** Stops it and removes its folder. */
  end(): Promise<void>;
}

/**
 * A server in a folder of its own, by the product's own launcher, so that it ends with this process,
 * however that ends. Suites that pull the plug of a database start one with full durability.
 */
export async function startThrowAwayServer(say: (line: string) => void): Promise<ThrowAwayServer> {
  const [{ startEmbeddedServer }, { findServerBinary }] = await Promise.all([
    import(join(EMBEDDED, 'embedded-server.js')) as Promise<typeof Launcher>,
    import(join(EMBEDDED, 'binary.js')) as Promise<typeof Binary>,
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-test-'));
  const dataDir = join(folder, 'server');
  const { path } = await findServerBinary({ explicit: process.env['EMBEDDED_MYSQLD'], say });
  // The data is made by the program itself: its installer is looked for beside it.
  const maker = await startEmbeddedServer({ dataDir, binary: path, say });
  await maker.stop();
  const binary = scriptFor(path, folder);
  const server = await startEmbeddedServer({ dataDir, binary, say });
  return {
    url: server.url,
    description: server.description,
    end: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A program that is the server with more arguments; the last of each name counts. */
function scriptFor(path: string, folder: string): string {
  const script = join(folder, 'bin', 'mysqld');
  mkdirSync(join(folder, 'bin'));
  const command = `exec '${path}' "$@" ${WITHOUT_DURABILITY.join(' ')}`;
  writeFileSync(script, `#!/bin/sh\n${command}\n`, { mode: 0o700 });
  return script;
}
