import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { describeError } from '../platform/logging/index.js';
import { type Runs, WorkerRuns } from '../platform/observability/index.js';
import { UnfinishedEventsQueries } from './unfinished-events.queries.js';
import { CompletionService } from './completion.service.js';

const LOOK_MS = 2_000;

/**
 * Finishes what requests have begun: what is too large for one, and what an instance died over.
 * Every instance has one; a step that is done twice is done once.
 */
@Injectable()
export class CompletionWorker implements OnModuleInit, OnModuleDestroy {
  private readonly end = new AbortController();
  private readonly runs: Runs;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly finishing: CompletionService,
    private readonly queries: UnfinishedEventsQueries,
    private readonly log: PinoLogger,
    workers: WorkerRuns,
  ) {
    this.runs = workers.of('finishing_worker');
  }

  onModuleInit(): void {
    this.timer = setInterval(() => this.look(), LOOK_MS + Math.random() * LOOK_MS).unref();
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /** Looks no more; the step that is under way is waited for. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.end.abort();
    await this.running;
  }

  private look(): void {
    this.running ??= this.work().finally(() => (this.running = undefined));
  }

  private async work(): Promise<void> {
    const { finishing, queries } = this;
    await this.finishAll(
      () => queries.findEnding(),
      (id) => finishing.voidRemaining(id, this.end.signal),
    );
    await this.finishAll(
      () => queries.findRaising(),
      (id) => finishing.raise(id, this.end.signal),
    );
  }

  /** One event that cannot be finished must not keep the others waiting. */
  private async finishAll(
    find: () => Promise<readonly string[]>,
    finish: (id: string) => Promise<void>,
  ): Promise<void> {
    const ids = await this.reporting(find);
    for (const id of ids ?? []) {
      if (this.end.signal.aborted) return;
      await this.reporting(() => finish(id));
    }
  }

  private async reporting<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      this.runs.succeeded += 1;
      return result;
    } catch (error) {
      this.runs.failed += 1;
      this.log.warn({ error: describeError(error) }, 'An event could not be finished yet');
      return undefined;
    }
  }
}
