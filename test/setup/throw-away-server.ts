import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Binary from '../../src/embedded-mysql/binary.js';
import type * as Launcher from '../../src/embedded-mysql/embedded-server.js';

/** The compiled files, because jest does not apply moduleNameMapper to its global setup. */
const EMBEDDED = join(__dirname, '../../dist/src/embedded-mysql');

const PREFIX = 'rowlock-test-';
const OWNER = 'owner.pid';

/** Nobody needs these data after a crash, so no commit waits for the disk. */
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
 * Starts a server in its own folder with the product's launcher, which ends it together with this process,
 * even on `kill -9`. Suites that kill a database start their own server with full durability.
 */
export async function startThrowAwayServer(say: (line: string) => void): Promise<ThrowAwayServer> {
  const [{ startEmbeddedServer }, { findServerBinary }] = await Promise.all([
    import(join(EMBEDDED, 'embedded-server.js')) as Promise<typeof Launcher>,
    import(join(EMBEDDED, 'binary.js')) as Promise<typeof Binary>,
  ]);
  removeLeftOvers();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  writeFileSync(join(folder, OWNER), String(process.pid));
  const dataDir = join(folder, 'server');
  const { path } = await findServerBinary({ explicit: process.env['EMBEDDED_MYSQLD'], say });
  // Initialised with the real binary, because the launcher looks for the installer beside it.
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

/** Removes the folders of runs that were interrupted. */
function removeLeftOvers(): void {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    if (!isRunning(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function isRunning(folder: string): boolean {
  try {
    process.kill(Number(readFileSync(join(folder, OWNER), 'utf8')), 0);
    return true;
  } catch (error) {
    // Another user's, or one that is being created.
    return ['EPERM', 'ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

/** Wraps the server binary to append options: the last one of a name counts. */
function scriptFor(path: string, folder: string): string {
  const script = join(folder, 'bin', 'mysqld');
  mkdirSync(join(folder, 'bin'));
  const command = `exec '${path}' "$@" ${WITHOUT_DURABILITY.join(' ')}`;
  writeFileSync(script, `#!/bin/sh\n${command}\n`, { mode: 0o700 });
  return script;
}
