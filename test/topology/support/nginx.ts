import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { FileGlobals } from '../../kit/database.js';
import { eventually } from '../../kit/eventually.js';
import { freePort } from '../../kit/free-port.js';

const ROOT = join(__dirname, '../../..');
const CONFIG = join(ROOT, 'deploy/nginx/nginx.conf');
const UNPACKED = join(ROOT, '.data/nginx');
const UNPACK_MS_MAX = 120_000;
const OUTPUT = 'output';

const run = promisify(execFile);

/** nginx with the shipped configuration, in which only the addresses are changed. */
export class Nginx {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
  ) {}

  /**
   * @param instances ports of this machine, as many as the configuration names instances
   * @param others lines of the configuration, and their replacements where the shipped lines would
   *   take a test too long, or too much
   */
  static async start(
    instances: readonly number[],
    others: Readonly<Record<string, string>> = {},
  ): Promise<Nginx> {
    const program = await findNginx();
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-nginx-'));
    // If root starts it, its workers run as another user.
    chmodSync(folder, 0o755);
    const port = await freePort();
    writeFileSync(join(folder, 'nginx.conf'), configFor(port, instances, others));
    const place = ['-p', `${folder}/`, '-c', join(folder, 'nginx.conf')];
    // A file, because nginx opens /dev/stdout by name, and a pipe of Node is a socket.
    const output = openSync(join(folder, OUTPUT), 'a');
    const child = spawn(program, [...place, '-g', 'daemon off;'], {
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    ((globalThis as FileGlobals).testProcesses ??= []).push(child);
    const nginx = new Nginx(child, folder, `http://127.0.0.1:${port}`);
    await eventually('nginx listens', () => answers(nginx.url)).catch((error: unknown) => {
      throw new Error(`nginx did not start: ${nginx.output}`, { cause: error });
    });
    return nginx;
  }

  /** All that it has written so far. */
  get output(): string {
    return readFileSync(join(this.folder, OUTPUT), 'utf8');
  }

  /** The worker processes. */
  workers(): number[] {
    const { pid } = this.child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children.split(' ').map(Number);
  }

  /** Lets it finish the requests in progress. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill('SIGQUIT');
      await exited;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** @throws {Error} if the configuration lacks what is to be changed */
function configFor(
  port: number,
  instances: readonly number[],
  others: Readonly<Record<string, string>>,
): string {
  const shipped = readFileSync(CONFIG, 'utf8');
  const changes = new Map([['listen 8080', `listen 127.0.0.1:${port}`], ...Object.entries(others)]);
  instances.forEach((instance, index) => {
    changes.set(`server rowlock-${index + 1}:3000`, `server 127.0.0.1:${instance}`);
  });
  let text = shipped;
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`nginx.conf has no "${from}"`);
    text = text.replaceAll(from, to);
  }
  return text;
}

/** Asks for a path that it answers by itself, whatever the instances do. */
const answers = async (url: string): Promise<boolean> =>
  fetch(`${url}/metrics`, { headers: { Connection: 'close' } }).then(
    () => true,
    () => false,
  );

/** NGINX_BINARY, or an installed one, or the distribution's, unpacked beside our own data. */
async function findNginx(): Promise<string> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  const programs = folders.map((folder) => join(folder, 'nginx'));
  const found = [process.env['NGINX_BINARY'] ?? '', ...programs].find(
    (path) => path && existsSync(path),
  );
  if (found !== undefined) return found;
  await run(join(ROOT, '.ci/unpack-nginx'), [UNPACKED], { timeout: UNPACK_MS_MAX });
  return join(UNPACKED, 'nginx');
}
