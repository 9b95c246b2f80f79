import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { findServerBinary } from '../../../src/embedded-mysql/binary.js';
import {
  startEmbeddedServer,
  type EmbeddedServer,
} from '../../../src/embedded-mysql/embedded-server.js';

/** The engine under test: EMBEDDED_MYSQLD, else what the machine has. */
export const wishedBinary = process.env['EMBEDDED_MYSQLD'];

/** What a test may leave behind when it fails, and what is cleaned up when it does not. */
export class Sandbox {
  /** Short, for the paths of unix sockets are limited. */
  readonly root = mkdtempSync(join(tmpdir(), 'rle-'));
  readonly dataDir = join(this.root, 'mysql');
  readonly said: string[] = [];
  private readonly servers: EmbeddedServer[] = [];

  /** Runs a test in a folder of its own, of which the server's error log stays if the test fails. */
  static async with(test: (sandbox: Sandbox) => Promise<void>): Promise<void> {
    const sandbox = new Sandbox();
    try {
      await test(sandbox);
      await sandbox.stopServers();
      rmSync(sandbox.root, { recursive: true, force: true });
    } catch (error) {
      await sandbox.stopServers();
      // Hundreds of megabytes.
      rmSync(join(sandbox.dataDir, 'data'), { recursive: true, force: true });
      process.stderr.write(`A test was red; what its server said is in ${sandbox.dataDir}\n`);
      throw error;
    }
  }

  async start(binary: string | undefined = wishedBinary): Promise<EmbeddedServer> {
    const say = (line: string): void => void this.said.push(line);
    const server = await startEmbeddedServer({ dataDir: this.dataDir, binary, say });
    this.servers.push(server);
    return server;
  }

  private async stopServers(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}

/** Runs statements on a connection of their own, returns the rows of the last. */
export async function query(url: string, ...statements: string[]): Promise<RowDataPacket[]> {
  const connection = await createConnection(url);
  try {
    let rows: RowDataPacket[] = [];
    for (const statement of statements) [rows] = await connection.query<RowDataPacket[]>(statement);
    return rows;
  } finally {
    connection.destroy();
  }
}

/** Polls until it is so; fails with the name of what did not come true. */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Every path below a folder, itself included. */
export function pathsBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [folder, ...names.map((name) => join(folder, name))];
}

/** The path of the server under test, also when it was not named. */
export async function binaryUnderTest(): Promise<string> {
  return (await findServerBinary({ explicit: wishedBinary, say: () => undefined })).path;
}

/** The server under test behind a script: it fails to serve while the file `fault` exists. */
export async function breakableServer(
  sandbox: Sandbox,
): Promise<{ binary: string; fault: string }> {
  const path = await binaryUnderTest();
  const [binary, fault] = [join(sandbox.root, 'mysqld'), join(sandbox.root, 'fault')];
  const script = [
    '#!/bin/sh',
    `if [ -e '${fault}' ]; then`,
    `  case "$*" in *--socket=*) echo 'a planted fault' >&2; exit 3;; esac`,
    'fi',
    `exec '${path}' "$@"`,
  ];
  writeFileSync(binary, `${script.join('\n')}\n`);
  chmodSync(binary, 0o700);
  return { binary, fault };
}

/** Mode and times of all files, to see that nobody touched them. */
export function fingerprint(folder: string): string[] {
  return pathsBelow(folder).map((path) => {
    const { mode, mtimeMs, ctimeMs, size } = lstatSync(path);
    return [path, mode.toString(8), mtimeMs, ctimeMs, size].join(' ');
  });
}
