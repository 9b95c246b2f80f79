import { Injectable } from '@nestjs/common';
import { withTimeout } from '../platform/common/index.js';
import { DatabaseReader } from '../platform/database/index.js';
import { PeriodicWorkers, type WorkerRun } from '../platform/workers/index.js';
import { type OutcomeOf, AllocationService } from '../allocation/index.js';

const EVERY_MS = 1_000;

/** Sweeps at a time: more would only wait in the lanes. */
const SWEEPS_MAX = 200;

/** A sweep that takes longer probably waits for a locked row. */
const SWEEP_MS_MAX = 2_000;

const rethrow = (error: unknown): never => {
  throw error;
};

/**
 * Submits a command to every section with overdue holds. The batch of that command expires them, as every
 * batch does first (allocation/core/rules/expire.ts), so no rule depends on this worker. But without
 * requests nobody on the waitlist would be served, and statuses would be out of date. It runs on every
 * instance: the first to lock a section expires its holds, and the next finds none or expires the rest.
 */
@Injectable()
export class OverdueSectionsWorker {
  /** Sections whose sweep still runs; later rounds leave them out. */
  private readonly late = new Set<string>();
  /** Their errors, until the next round reports them. */
  private readonly lateErrors: unknown[] = [];

  constructor(
    private readonly reads: DatabaseReader,
    private readonly allocation: AllocationService,
    workers: PeriodicWorkers,
  ) {
    const failure = 'Overdue holds could not be expired';
    workers.add({ name: 'expiry_sweeper', everyMs: EVERY_MS, failure }, (run) => this.sweep(run));
  }

  /**
   * Expires overdue holds, one step per section and round, until none is left or the worker stops: a
   * section with thousands of holds, or with a locked row, does not delay the others.
   *
   * @returns the number of holds expired, without those of sections that took too long
   * @throws the error of the first section that failed, after the whole round was tried
   */
  async sweep({ signal, fail = rethrow }: Partial<WorkerRun> = {}): Promise<number> {
    let expired = 0;
    for (;;) {
      const swept = await this.sweepOnce();
      for (const error of this.lateErrors.splice(0)) fail(error);
      expired += swept.reduce((sum, one) => sum + one.expired, 0);
      if (signal?.aborted === true || !swept.some(({ hasMore }) => hasMore)) return expired;
    }
  }

  /** One step in each section with overdue holds, up to the limit of a round. */
  private async sweepOnce(): Promise<readonly OutcomeOf<'swept'>[]> {
    const sections = await this.reads.query<{ readonly id: string }>(
      'SELECT id FROM sections WHERE holds_expire_at <= UTC_TIMESTAMP(3) ORDER BY holds_expire_at LIMIT ?',
      [SWEEPS_MAX],
    );
    const others = sections.filter(({ id }) => !this.late.has(id));
    const chosen = others.slice(0, SWEEPS_MAX - this.late.size);
    const swept = await Promise.allSettled(chosen.map(({ id }) => this.sweepInTime(id)));
    const failed = swept.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    return swept.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }

  /** Stops waiting for a sweep that takes too long. */
  private sweepInTime(sectionId: string): Promise<OutcomeOf<'swept'>[]> {
    const sweep = this.sweepSection(sectionId);
    return withTimeout(sweep, SWEEP_MS_MAX, () => {
      this.late.add(sectionId);
      void sweep
        .catch((error: unknown) => this.lateErrors.push(error))
        .finally(() => this.late.delete(sectionId));
      return [];
    });
  }

  /** Empty if the section no longer exists. */
  private async sweepSection(sectionId: string): Promise<OutcomeOf<'swept'>[]> {
    const { outcome } = await this.allocation.submit({ kind: 'sweep', sectionId });
    return outcome.kind === 'swept' ? [outcome] : [];
  }
}
