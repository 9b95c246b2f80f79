import { Injectable } from '@nestjs/common';
import { AllocationService } from '../allocation/index.js';
import { DatabaseReader, CoalescedReads } from '../platform/database/index.js';
import type { Checks } from './health.dto.js';

const PING_MS_MAX = 1_000;

/**
 * Longer than a transaction takes at the worst, its repetitions and the finding out of its outcome
 * included: whatever the database does, it has ended by then. A batch that has not never will.
 */
export const STUCK_MS = 60_000;

/** Whether this instance should be given requests. */
@Injectable()
export class Readiness {
  private draining = false;

  /** However many ask at once, the database is asked once. */
  private readonly ping: CoalescedReads<unknown>;

  constructor(
    reads: DatabaseReader,
    private readonly lanes: AllocationService,
  ) {
    this.ping = new CoalescedReads((sql) => reads.query(sql, []));
  }

  /** From now on: finish what runs, take nothing new. */
  startDraining(): void {
    this.draining = true;
  }

  async check(): Promise<{ readonly ready: boolean; readonly checks: Checks }> {
    const database = await this.pingDatabase();
    const service = this.draining ? 'draining' : 'up';
    const lanes = this.lookAtLanes();
    const ready = service === 'up' && database === 'up' && lanes !== 'stuck';
    return { ready, checks: { service, database, lanes } };
  }

  /**
   * A lane that is stuck is the fault of this instance alone, and its events fare better elsewhere.
   * One that is full is not: the same event fills the same lane of every instance, and an instance
   * that left for it would take all the other events out of service with it. Who asks for the one
   * event is told 503.
   */
  private lookAtLanes(): Checks['lanes'] {
    const { states } = this.lanes.lanesView;
    if (states.some(({ busyMs }) => busyMs > STUCK_MS)) return 'stuck';
    return states.some(({ isFull }) => isFull) ? 'full' : 'up';
  }

  private async pingDatabase(): Promise<Checks['database']> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<Checks['database']>((resolve) => {
      timer = setTimeout(resolve, PING_MS_MAX, 'down');
    });
    const answered = this.ping.get('SELECT 1').then(
      (): Checks['database'] => 'up',
      (): Checks['database'] => 'down',
    );
    try {
      return await Promise.race([answered, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
