import { sharedEnvironment } from './app.js';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Api } from './api.js';
import type { FileGlobals } from './database.js';

const MAIN = join(__dirname, '../../dist/src/main.js');
const START_MS_MAX = 90_000;

/** The service as users run it: a process of its own, production mode, on a free port. */
export class ServiceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly api: Api,
    private readonly lines: string[],
  ) {}

  /** @param environment DATABASE_URL, or DATA_DIR for an embedded database, and any other setting */
  static async start(environment: NodeJS.ProcessEnv): Promise<ServiceProcess> {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env['PATH'],
        EMBEDDED_MYSQLD: process.env['EMBEDDED_MYSQLD'],
        NODE_ENV: 'production',
        AUTH_MODE: 'open',
        PORT: '0',
        RATE_LIMIT_ENABLED: 'false',
        LOG_LEVEL: 'warn',
        // Nobody stands before it whose idle connections it would have to wait for.
        SHUTDOWN_IDLE_SECONDS: '0',
        ...sharedEnvironment,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    ((globalThis as FileGlobals).testProcesses ??= []).push(child);
    const lines: string[] = [];
    const address = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The service did not start')), START_MS_MAX);
      let isListening = false;
      const read = (chunk: Buffer): void => {
        lines.push(chunk.toString());
        if (isListening) return;
        const found = /Listening\s+(http:\/\/[^\s"]+)/.exec(lines.join(''));
        if (found === null) return;
        isListening = true;
        clearTimeout(timer);
        resolve(found[1]!);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`The service ended with ${code}: ${lines.join('')}`));
      });
    });
    return new ServiceProcess(child, new Api(address), lines);
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** All that it has written so far. */
  get output(): string {
    return this.lines.join('');
  }

  /** Asks it to end, as a supervisor would, and answers its exit code. */
  stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Pulls the plug. */
  kill(): Promise<number | null> {
    return this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exited = once(this.child, 'exit');
      this.child.kill(signal);
      await exited;
    }
    // Not before: who still waits for an answer shall get it, or see the connection break.
    this.api.close();
    return this.child.exitCode;
  }
}
