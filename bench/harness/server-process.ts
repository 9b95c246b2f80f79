import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../load/plan.js';
import { onExit } from './exit-hooks.js';
import { COMPILED } from './paths.js';
import type { Build } from './database.js';
import { freePort } from '../../test/kit/free-port.js';
import type { BenchContext } from './scenario.js';

/** A server program to measure: the service or a baseline. */
export interface Program {
  readonly name: string;
  readonly script: string;
  readonly nodeOptions?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The table of its bookings, if that is not the service's. */
  readonly bookingsTable?: string;
  /** The API key that requests carry, if the program requires one. */
  readonly key?: string | undefined;
}

/** The service takes these settings from the environment; the report lists those that are set. */
export const FORWARDED_VARIABLES = [
  'LANES',
  'QUEUE_SECONDS_MAX',
  'DATABASE_POOL_SIZE',
  'DATABASE_READ_POOL_SIZE',
  'NODE_OPTIONS',
];

/** As shipped, except that the rate limiter counts every request and never refuses one. */
const PRODUCTION = {
  LOG_LEVEL: 'info',
  RATE_LIMIT_ENABLED: 'true',
  RATE_LIMIT_READS_PER_ADDRESS: '100000000',
  RATE_LIMIT_WRITES_PER_ADDRESS: '100000000',
  RATE_LIMIT_READS_PER_KEY: '100000000',
  RATE_LIMIT_WRITES_PER_KEY: '100000000',
  // Builds older than the four settings above.
  RATE_LIMIT_REQUESTS: '100000000',
  HOST: '127.0.0.1',
};

export const serviceProgram = (build: Build, name = 'Rowlock', key?: string): Program => ({
  name,
  script: join(build.dist, 'src/main.js'),
  // The same as in `npm start` and the image.
  nodeOptions: ['--max-old-space-size=512'],
  environment: { ...PRODUCTION, ...(key !== undefined && { AUTH_MODE: 'keys' }) },
  key,
});

export const baseline = (
  name: string,
  file: string,
  { environment = {}, ...more }: Pick<Program, 'environment' | 'bookingsTable'> = {},
): Program => ({
  name,
  script: join(COMPILED, 'baselines', `${file}.js`),
  environment,
  ...more,
});

const START_MS_MAX = 60_000;
const STOP_MS_MAX = 40_000;

/** A running server; its log goes to a file. */
export class ServerProcess {
  private constructor(
    readonly name: string,
    readonly target: Target,
    private readonly child: ChildProcess,
    private readonly logFile: string,
  ) {}

  static async start(
    { folder, cpuProfileFolder }: Pick<BenchContext, 'folder' | 'cpuProfileFolder'>,
    program: Program,
    databaseUrl: string,
  ): Promise<ServerProcess> {
    const target = { host: '127.0.0.1', port: await freePort(), key: program.key };
    const logFile = join(folder, `${target.port}.log`);
    const log = openSync(logFile, 'a');
    const nodeOptions = [...(program.nodeOptions ?? []), ...profilerOptions(cpuProfileFolder)];
    const child = spawn(process.execPath, [...nodeOptions, program.script], {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        ...Object.fromEntries(FORWARDED_VARIABLES.map((name) => [name, process.env[name]])),
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
    onExit(() => server.stop());
    await server.untilAlive();
    return server;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get baseUrl(): string {
    return `http://${this.target.host}:${this.target.port}`;
  }

  /** Resident memory in MB; NaN if the server is not running. */
  get rssMb(): number {
    if (!this.isRunning) return NaN;
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  /** Open files and connections. */
  get openFiles(): number {
    return this.isRunning ? readdirSync(`/proc/${this.child.pid}/fd`).length : 0;
  }

  get cpuSeconds(): number {
    return cpuSecondsOf(this.child.pid);
  }

  async post<T>(path: string, body: object, key = this.target.key): Promise<T> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...authorization(key) },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as T;
    if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Reads the metrics, as Prometheus would. */
  async scrape(): Promise<void> {
    const response = await fetch(`${this.baseUrl}/metrics`, {
      headers: authorization(this.target.key),
    });
    await response.text();
    if (!response.ok) throw new Error(`/metrics: ${response.status}`);
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
    throw new Error(`${this.name} did not start. The end of its log:\n${end}`);
  }
}

const authorization = (key: string | undefined): Readonly<Record<string, string>> =>
  key === undefined ? {} : { Authorization: `Bearer ${key}` };

/** Node writes the profile when it exits by itself: the service does on SIGTERM, the baselines do not. */
const profilerOptions = (folder: string | undefined): string[] =>
  folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];

/**
 * @returns NaN if the process is on another machine or may not be inspected
 *
 * /proc counts in hundredths of a second on every Linux that Node runs on.
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
