import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Clock } from '../platform/common/index.js';
import { describeError } from '../platform/logging/index.js';
import { DatabaseReader } from '../platform/database/index.js';
import { type Runs, WorkerRuns } from '../platform/observability/index.js';
import { type OutcomeOf, AllocationService } from '../allocation/index.js';

const EVERY_MS = 1_000;
/** Instances that were started together shall not look together for ever. */
const JITTER_MS = 500;

/** More than the lanes take at once would only wait in them. */
const SECTIONS_MAX = 200;

/**
 * Ends holds whose time is over in sections where nothing else happens. Nothing depends on it: every
 * batch first ends what is overdue in its sections, as far as one transaction should. But a line
 * moves, and a status is right, only once somebody looks. Any number of instances may look: who has
 * the lock first ends the holds, and the next finds none, or goes on with the rest.
 */
@Injectable()
export class ExpirySweeper implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly runs: Runs;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    private readonly reads: DatabaseReader,
    private readonly lanes: AllocationService,
    private readonly clock: Clock,
    private readonly log: PinoLogger,
    workers: WorkerRuns,
  ) {
    this.runs = workers.of('expiry_sweeper');
  }

  onApplicationBootstrap(): void {
    this.schedule();
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /** Looks no more; a sweep that is running is waited for. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /**
   * Ends what is overdue. Where that is very much, it takes several rounds, each of which looks anew:
   * a section with thousands of holds does not keep the others waiting.
   *
   * @returns the number of holds ended
   * @throws what the first section that could not be swept ended in, after all of its round have been
   *   tried
   */
  async sweep(): Promise<number> {
    let expired = 0;
    for (;;) {
      const swept = await this.sweepOnce();
      expired += swept.reduce((sum, one) => sum + one.expired, 0);
      if (this.isStopped || !swept.some(({ hasMore }) => hasMore)) return expired;
    }
  }

  /** One step in each of as many sections as one round takes. */
  private async sweepOnce(): Promise<readonly OutcomeOf<'swept'>[]> {
    const sections = await this.reads.query<{ readonly id: string }>(
      'SELECT id FROM sections WHERE holds_expire_at <= ? ORDER BY holds_expire_at LIMIT ?',
      [this.clock.now(), SECTIONS_MAX],
    );
    const swept = await Promise.allSettled(sections.map(({ id }) => this.expire(id)));
    const failed = swept.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    return swept.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
  }

  /** Nothing if there is no such section any more. */
  private async expire(sectionId: string): Promise<OutcomeOf<'swept'>[]> {
    const { outcome } = await this.lanes.submit({ kind: 'expire', sectionId });
    return outcome.kind === 'swept' ? [outcome] : [];
  }

  private schedule(): void {
    const wait = EVERY_MS + (Math.random() - 0.5) * JITTER_MS;
    this.timer = setTimeout(() => {
      this.running = this.sweepAndReport().finally(() => {
        if (!this.isStopped) this.schedule();
      });
    }, wait).unref();
  }

  private async sweepAndReport(): Promise<void> {
    try {
      await this.sweep();
      this.runs.succeeded += 1;
    } catch (error) {
      this.runs.failed += 1;
      this.log.warn({ error: describeError(error) }, 'Overdue holds could not be ended');
    }
  }
}
