import type { PinoLogger } from 'nestjs-pino';
import { describeError } from '../logging/index.js';

export interface WorkerOptions {
  /** The worker's label in metrics: letters and underscores. */
  readonly name: string;
  /** The mean pause between two runs. */
  readonly everyMs: number;
  /** The log message of a run that failed. */
  readonly failure: string;
  /** Runs once more when the worker stops. */
  readonly runsOnStop?: boolean;
}

/** The arguments of a job. */
export interface WorkerRun {
  /** Aborted when the worker stops: the job should end soon. */
  readonly signal: AbortSignal;
  /** Reports an error that does not end the run. */
  readonly fail: (error: unknown) => void;
}

export type Job = (run: WorkerRun) => Promise<unknown>;

/** Instances that start together should not run their jobs together forever. */
const JITTER = 0.5;

/** Runs a job repeatedly, never twice at once, with jitter. An error fails one run, not the worker. */
export class PeriodicWorker {
  readonly runs = { succeeded: 0, failed: 0 };
  private readonly end = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly options: WorkerOptions,
    private readonly job: Job,
    private readonly log: PinoLogger,
  ) {}

  start(): void {
    if (this.end.signal.aborted) return;
    const wait = this.options.everyMs * (1 + (Math.random() - 0.5) * JITTER);
    this.timer = setTimeout(() => {
      this.running = this.run().finally(() => this.start());
    }, wait).unref();
  }

  /** Starts no further run, and waits for the current one. */
  async stop(): Promise<void> {
    if (this.end.signal.aborted) return this.running;
    this.end.abort();
    clearTimeout(this.timer);
    await this.running;
    if (this.options.runsOnStop === true) await this.run();
  }

  private async run(): Promise<void> {
    let hasFailed = false;
    const fail = (error: unknown): void => {
      hasFailed = true;
      this.log.warn({ error: describeError(error) }, this.options.failure);
    };
    try {
      await this.job({ signal: this.end.signal, fail });
    } catch (error) {
      fail(error);
    }
    this.runs[hasFailed ? 'failed' : 'succeeded'] += 1;
  }
}
