import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { FileGlobals } from './database.js';
import { freePort } from './free-port.js';

const ROOT = join(__dirname, '../..');
const UNPACKED = join(ROOT, 'node_modules/.cache/rowlock/redis');
const UNPACK_MS_MAX = 120_000;
const START_MS_MAX = 10_000;

/** A Redis process for one test file, on a free port and without persistence. */
export class RedisProcess {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly program: string,
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(): Promise<RedisProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-redis-'));
    const redis = new RedisProcess(await redisServer(), await freePort(), folder);
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it on the same port, without its former data. */
  async start(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const child = spawn(this.program, [...options, '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    this.child = child;
    ((globalThis as FileGlobals).testProcesses ??= []).push(child);
    const giveUpAt = Date.now() + START_MS_MAX;
    while (!(await isOpen(this.port))) {
      if (Date.now() > giveUpAt) throw new Error('Redis did not start');
      await sleep(20);
    }
  }

  /** Kills it without warning. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** It keeps its connections, but no longer answers. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** The answer to a command, as it comes over the wire. */
  ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let received = '';
      const socket = connect(this.port, '127.0.0.1', () => socket.end(`${command}\r\n`));
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** REDIS_SERVER, or an installed one, or one that is fetched once (on Debian and the like). */
async function redisServer(): Promise<string> {
  const { REDIS_SERVER, PATH = '' } = process.env;
  if (REDIS_SERVER !== undefined) return REDIS_SERVER;
  const installed = PATH.split(delimiter).map((folder) => join(folder, 'redis-server'));
  const found = installed.find((path) => existsSync(path));
  if (found !== undefined) return found;
  const fetched = join(UNPACKED, 'redis-server');
  if (existsSync(fetched)) return fetched;
  try {
    await promisify(execFile)(join(ROOT, '.ci/unpack-redis'), [UNPACKED], {
      timeout: UNPACK_MS_MAX,
    });
  } catch (cause) {
    throw new Error('There is no Redis for this test: install redis-server, or set REDIS_SERVER', {
      cause,
    });
  }
  return fetched;
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
