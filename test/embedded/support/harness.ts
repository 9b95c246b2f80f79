import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { findServerBinary } from '../../../src/embedded-mysql/binary.js';
import {
  startEmbeddedServer,
  type EmbeddedServer,
} from '../../../src/embedded-mysql/embedded-server.js';

/** The engine under test: EMBEDDED_MYSQLD, or else the installed one. */
export const wishedBinary = process.env['EMBEDDED_MYSQLD'];

/** What a failed test leaves behind, and a successful one removes. */
export class Sandbox {
  /** Short, because the paths of Unix sockets are limited. */
  readonly root = mkdtempSync(join(tmpdir(), 'rle-'));
  readonly dataDir = join(this.root, 'mysql');
  readonly said: string[] = [];
  private readonly servers: EmbeddedServer[] = [];

  /** Runs a test in its own folder; if it fails, the error log of the server is kept. */
  static async with(test: (sandbox: Sandbox) => Promise<void>): Promise<void> {
    const sandbox = new Sandbox();
    try {
      await test(sandbox);
      await sandbox.stopServers();
      rmSync(sandbox.root, { recursive: true, force: true });
    } catch (error) {
      await sandbox.stopServers();
      // The data has hundreds of megabytes.
      rmSync(join(sandbox.dataDir, 'data'), { recursive: true, force: true });
      process.stderr.write(`A test failed; the log of its server is in ${sandbox.dataDir}\n`);
      throw error;
    }
  }

  async start(
    binary: string | undefined = wishedBinary,
    dataDir = this.dataDir,
  ): Promise<EmbeddedServer> {
    const say = (line: string): void => void this.said.push(line);
    const server = await startEmbeddedServer({ dataDir, binary, say });
    this.servers.push(server);
    return server;
  }

  private async stopServers(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}

/** Runs statements on their own connection; returns the rows of the last. */
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

/** Every path below a folder, itself included. */
export function pathsBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return [folder, ...names.map((name) => join(folder, name))];
}

/** The path of the server under test, even if it was not configured. */
export async function binaryUnderTest(): Promise<string> {
  return (await findServerBinary({ explicit: wishedBinary, say: () => undefined })).path;
}

/** A script around the server under test: it fails to serve while the file `fault` exists. */
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

/** Mode and times of all files, to see whether anything touched them. */
export function fingerprint(folder: string): string[] {
  return pathsBelow(folder).map((path) => {
    const { mode, mtimeMs, ctimeMs, size } = lstatSync(path);
    return [path, mode.toString(8), mtimeMs, ctimeMs, size].join(' ');
  });
}
