import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../load/plan.js';
import { atTheEnd } from './cleanup.js';
import { COMPILED } from './paths.js';
import type { Build } from './database.js';
import { freePort } from '../../test/kit/free-port.js';

/** A way to book, as a program to start. */
export interface Program {
  readonly name: string;
  readonly script: string;
  readonly nodeOptions?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The API key to come with, if it asks for one. */
  readonly key?: string | undefined;
}

/** Settings of the service that a run may choose; the report names those that were. */
export const PASSED_ON = ['LANES', 'LANE_QUEUE_LIMIT', 'DATABASE_POOL_SIZE', 'NODE_OPTIONS'];

/** As shipped and as users run it. The limiter counts every request, but never refuses one. */
const PRODUCTION = {
  LOG_LEVEL: 'info',
  RATE_LIMIT_ENABLED: 'true',
  RATE_LIMIT_READS_PER_ADDRESS: '100000000',
  RATE_LIMIT_WRITES_PER_ADDRESS: '100000000',
  RATE_LIMIT_READS_PER_KEY: '100000000',
  RATE_LIMIT_WRITES_PER_KEY: '100000000',
  // Of builds from before there were four.
  RATE_LIMIT_REQUESTS: '100000000',
  HOST: '127.0.0.1',
};

export const productOf = (build: Build, name = 'Rowlock', key?: string): Program => ({
  name,
  script: join(build.dist, 'src/main.js'),
  // As `npm start` and the image have it.
  nodeOptions: ['--max-old-space-size=512'],
  environment: { ...PRODUCTION, ...(key !== undefined && { AUTH_MODE: 'keys' }) },
  key,
});

export const baseline = (name: string, file: string, environment = {}): Program => ({
  name,
  script: join(COMPILED, 'baselines', `${file}.js`),
  environment,
});

const START_MS_MAX = 60_000;
const STOP_MS_MAX = 40_000;

/** A server process with its log in a file. */
export class ServerProcess {
  private constructor(
    readonly name: string,
    readonly target: Target,
    private readonly child: ChildProcess,
    private readonly logFile: string,
  ) {}

  static async start(
    program: Program,
    databaseUrl: string,
    folder: string,
  ): Promise<ServerProcess> {
    const target = { host: '127.0.0.1', port: await freePort(), key: program.key };
    const logFile = join(folder, `${target.port}.log`);
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [...(program.nodeOptions ?? []), program.script], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        ...Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
        NODE_ENV: 'production',
        AUTH_MODE: 'open',
        ...program.environment,
        DATABASE_URL: databaseUrl,
        PORT: String(target.port),
      },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const server = new ServerProcess(program.name, target, child, logFile);
    atTheEnd(() => server.stop());
    await server.untilAlive();
    return server;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get baseUrl(): string {
    return `http://${this.target.host}:${this.target.port}`;
  }

  /** Megabytes of memory in use. */
  get rssMb(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  }

  get cpuSeconds(): number {
    return cpuSecondsOf(this.child.pid);
  }

  async post<T>(path: string, body: object): Promise<T> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...this.authorization },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Asks for the metrics, as Prometheus would. */
  async scrape(): Promise<void> {
    const response = await fetch(`${this.baseUrl}/metrics`, { headers: this.authorization });
    await response.text();
    if (!response.ok) throw new Error(`/metrics: ${response.status}`);
  }

  private get authorization(): Readonly<Record<string, string>> {
    const { key } = this.target;
    return key === undefined ? {} : { Authorization: `Bearer ${key}` };
  }

  async stop(): Promise<void> {
    if (!this.isRunning) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS_MAX);
    await exited;
    clearTimeout(timer);
  }

  private async untilAlive(): Promise<void> {
    const giveUpAt = Date.now() + START_MS_MAX;
    while (this.isRunning && Date.now() < giveUpAt) {
      const response = await fetch(`${this.baseUrl}/health/live`).catch(() => undefined);
      if (response?.ok === true) return;
      await sleep(50);
    }
    const end = readFileSync(this.logFile, 'utf8').slice(-2000);
    throw new Error(`${this.name} did not start:\n${end}`);
  }
}

/**
 * NaN for a process that is not on this machine, or not ours to look at.
 *
 * Clock ticks of /proc are hundredths of a second on every Linux that Node runs on.
 */
export function cpuSecondsOf(pid: number | undefined): number {
  if (pid === undefined) return NaN;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return NaN;
  }
}
