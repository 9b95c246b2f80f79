import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { FileGlobals } from '../../kit/database.js';
import { freePort } from '../../kit/free-port.js';
import type { ClusterServer } from './server-process.js';

const SHIPPED = join(__dirname, '../../../deploy/haproxy');
const PORT_SHIPPED = '3306';

/** HAProxy with a shipped configuration and check, in which only addresses and paths are changed. */
export class HaProxy {
  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(file: string, servers: readonly ClusterServer[]): Promise<HaProxy> {
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-haproxy-'));
    ((globalThis as FileGlobals).testFolders ??= []).push(folder);
    const port = await freePort();
    writeFileSync(join(folder, 'haproxy.cfg'), configFor(file, folder, port, servers));
    writeFileSync(join(folder, 'check-writer'), inFolder(read('check-writer'), folder));
    chmodSync(join(folder, 'check-writer'), 0o755);
    writeFileSync(join(folder, 'check-writer.cnf'), '[client]\nuser = root\nskip-ssl\n');
    const output = openSync(join(folder, 'output'), 'a');
    const PATH = [process.env['PATH'], '/usr/sbin'].join(delimiter);
    const child = spawn('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], {
      stdio: ['ignore', output, output],
      env: { PATH },
    });
    closeSync(output);
    ((globalThis as FileGlobals).testProcesses ??= []).push(child);
    await once(child, 'spawn');
    return new HaProxy(child, port);
  }

  urlOf(database: string): string {
    return `mysql://root@127.0.0.1:${this.port}/${database}`;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}

const read = (file: string): string => readFileSync(join(SHIPPED, file), 'utf8');

const inFolder = (text: string, folder: string): string => text.replaceAll('/etc/haproxy', folder);

/** @throws {Error} if the configuration lacks what is to be changed */
function configFor(
  file: string,
  folder: string,
  port: number,
  servers: readonly ClusterServer[],
): string {
  const changes = new Map([[`bind 127.0.0.1:${PORT_SHIPPED}`, `bind 127.0.0.1:${port}`]]);
  servers.forEach((server, index) => {
    changes.set(`db-${index + 1}:${PORT_SHIPPED}`, `127.0.0.1:${server.port}`);
  });
  let text = read(file);
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${file} has no "${from}"`);
    text = text.replaceAll(from, to);
  }
  return inFolder(text, folder);
}
