import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from './api.js';
import { sharedEnvironment } from './app.js';
import type { FileGlobals } from './database.js';
import { assertSeen, logWatch } from './log-watch.js';

const MAIN = join(__dirname, '../../dist/src/main.js');
/** All output before it accepts requests; the last line contains its address. */
const STARTED = /^[^]*Listening\s+(http:\/\/[^\s"]+).*/;
const START_MS_MAX = 90_000;
const WRITTEN_MS_MAX = 1_000;

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
        LOG_LEVEL: 'trace',
        // No proxy is before it whose idle connections it would have to wait for.
        SHUTDOWN_IDLE_SECONDS: '0',
        ...sharedEnvironment,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    ((globalThis as FileGlobals).testProcesses ??= []).push(child);
    logWatch.secrets.addSecrets(environment);
    const lines: string[] = [];
    const read = (chunk: Buffer): void => void lines.push(chunk.toString());
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    try {
      return new ServiceProcess(child, new Api(await addressOf(child, lines)), lines);
    } finally {
      logWatch.assertSecretsKeptIn(lines.join(''));
    }
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** All that it has written so far. */
  get output(): string {
    return this.lines.join('');
  }

  /**
   * Asks it to end, as a supervisor would, and returns its exit code.
   *
   * @throws {Error} if it has logged anything private that was sent to it
   */
  stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  /** Kills it without warning. */
  kill(): Promise<number | null> {
    return this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.hasEnded) {
      const exited = once(this.child, 'exit');
      const written = once(this.child, 'close');
      this.child.kill(signal);
      await exited;
      // A database server that it leaves behind may keep its output open.
      await Promise.race([written, sleep(WRITTEN_MS_MAX, undefined, { ref: false })]);
    }
    // Not before: requests in progress must get their answer, or see the connection break.
    this.api.close();
    logWatch.assertKeptIn(this.output.replace(STARTED, ''));
    // A killed service loses its last lines.
    if (this.child.exitCode === 0) assertSeen(this.output, this.api.loggedRequests.slice(-1));
    return this.child.exitCode;
  }
}

/** Returns its address, as soon as it prints it. */
function addressOf(child: ChildProcess, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The service did not start')), START_MS_MAX);
    const look = (): void => {
      const found = STARTED.exec(lines.join(''));
      if (found === null) return;
      clearTimeout(timer);
      child.stdout!.off('data', look);
      resolve(found[1]!);
    };
    child.stdout!.on('data', look);
    child.once('close', (code) => {
      clearTimeout(timer);
      reject(new Error(`The service ended with ${code}: ${lines.join('')}`));
    });
  });
}
