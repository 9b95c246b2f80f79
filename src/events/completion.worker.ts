import { Injectable } from '@nestjs/common';
import { PeriodicWorkers, type WorkerRun } from '../platform/workers/index.js';
import { UnfinishedEventsQueries } from './unfinished-events.queries.js';
import { CompletionService } from './completion.service.js';

const EVERY_MS = 3_000;

/**
 * Completes changes of events that are too large for one request, or whose instance died. It runs on every
 * instance: a step taken twice has no further effect.
 */
@Injectable()
export class CompletionWorker {
  constructor(
    private readonly completion: CompletionService,
    private readonly queries: UnfinishedEventsQueries,
    workers: PeriodicWorkers,
  ) {
    const failure = 'An event could not be completed yet';
    workers.add({ name: 'finishing_worker', everyMs: EVERY_MS, failure }, (run) => this.work(run));
  }

  private async work(run: WorkerRun): Promise<void> {
    const { completion, queries } = this;
    await completeAll(
      run,
      () => queries.findEnding(),
      (id) => completion.voidRemaining(id, run.signal),
    );
    await completeAll(
      run,
      () => queries.findRaising(),
      (id) => completion.raise(id, run.signal),
    );
  }
}

/** One event that cannot be completed must not delay the others. */
async function completeAll(
  run: WorkerRun,
  find: () => Promise<readonly string[]>,
  complete: (id: string) => Promise<void>,
): Promise<void> {
  try {
    for (const id of await find()) {
      if (run.signal.aborted) return;
      await complete(id).catch((error: unknown) => run.fail(error));
    }
  } catch (error) {
    run.fail(error);
  }
}
