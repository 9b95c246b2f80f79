import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type Job, PeriodicWorker, type WorkerOptions } from './periodic-worker.js';

/** The background workers of this instance: they start and stop with it. */
@Injectable()
export class PeriodicWorkers implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly workers = new Map<string, PeriodicWorker>();

  constructor(private readonly log: PinoLogger) {}

  add(options: WorkerOptions, job: Job): PeriodicWorker {
    const worker = new PeriodicWorker(options, job, this.log);
    this.workers.set(options.name, worker);
    return worker;
  }

  onApplicationBootstrap(): void {
    for (const worker of this.workers.values()) worker.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /** Starts no further runs, and waits for the current ones. */
  async stop(): Promise<void> {
    await Promise.all([...this.workers.values()].map((worker) => worker.stop()));
  }

  /** The runs of each worker since the start, for the metrics. */
  *[Symbol.iterator](): Generator<readonly [name: string, runs: PeriodicWorker['runs']]> {
    for (const [name, { runs }] of this.workers) yield [name, runs];
  }
}
