import { Injectable } from '@nestjs/common';

export interface Runs {
  succeeded: number;
  failed: number;
}

/** How often each of the workers has done its work since the start, for the metrics. */
@Injectable()
export class WorkerRuns implements Iterable<readonly [string, Readonly<Runs>]> {
  private readonly workers = new Map<string, Runs>();

  /** @param worker in letters and underscores; known from now on, with no runs yet */
  of(worker: string): Runs {
    const runs = this.workers.get(worker) ?? { succeeded: 0, failed: 0 };
    this.workers.set(worker, runs);
    return runs;
  }

  [Symbol.iterator](): Iterator<readonly [string, Readonly<Runs>]> {
    return this.workers.entries();
  }
}
