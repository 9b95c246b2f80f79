import { Injectable } from '@nestjs/common';
import { AllocationService, type EngineReport } from '../allocation/index.js';
import { withTimeout } from '../platform/common/index.js';
import {
  CoalescedReads,
  databaseErrorFacts,
  DatabaseReader,
  schemaState,
} from '../platform/database/index.js';
import type { Checks } from './health.dto.js';

const PING_MS_MAX = 1_000;
/** The report crosses threads, and this one may be busy with the answers of thousands of clients. */
const REPORT_MS_MAX = 10_000;

/**
 * Longer than any transaction can take, including its retries and the lookup of an unknown outcome. A batch
 * that runs longer will never end.
 */
export const STUCK_MS = 60_000;

/** Decides whether this instance should receive requests. */
@Injectable()
export class Readiness {
  private draining = false;

  /** Concurrent checks share one query. */
  private readonly ping: CoalescedReads<readonly unknown[]>;

  constructor(
    reads: DatabaseReader,
    private readonly allocation: AllocationService,
  ) {
    this.ping = new CoalescedReads((sql) => reads.query(sql, []));
  }

  /** Shutdown begins: finish requests in progress, receive no new ones. */
  startDraining(): void {
    this.draining = true;
  }

  async check(): Promise<{ readonly ready: boolean; readonly checks: Checks }> {
    const [database, schema, report] = await Promise.all([
      this.checkDatabase(),
      this.checkSchema(),
      withTimeout(this.allocation.report(), REPORT_MS_MAX, () => undefined),
    ]);
    const service = this.draining ? 'draining' : 'up';
    const lanes = this.checkLanes(report);
    const writes = report?.writes ?? 'failing';
    const ready =
      service === 'up' &&
      database === 'up' &&
      lanes !== 'stuck' &&
      writes === 'up' &&
      schema !== 'older';
    return { ready, checks: { service, database, lanes, writes, schema } };
  }

  /**
   * A stuck lane is a fault of this instance alone, and other instances can serve its events. A full lane
   * is not: the same event fills the same lane of every instance, so taking instances out of service
   * would take all other events with them. Requests for that event get 503 instead.
   */
  private checkLanes({ lanes }: Pick<EngineReport, 'lanes'> = { lanes: [] }): Checks['lanes'] {
    // Without its engine, the instance can book nothing.
    if (lanes.length === 0) return 'stuck';
    if (lanes.some(({ busyMs }) => busyMs > STUCK_MS)) return 'stuck';
    return this.allocation.isOverloaded ? 'full' : 'up';
  }

  private async checkDatabase(): Promise<Checks['database']> {
    try {
      const responds = this.ping.get('SELECT 1').then(() => true);
      return (await withTimeout(responds, PING_MS_MAX, () => false)) ? 'up' : 'down';
    } catch {
      return 'down';
    }
  }

  /**
   * An older schema lacks what this version needs. A newer one is ordinary during an upgrade: the migrations
   * run first, and instances of the version before still serve.
   */
  private async checkSchema(): Promise<Checks['schema']> {
    try {
      const done = await withTimeout(this.ping.get(DONE), PING_MS_MAX, () => undefined);
      if (done === undefined) return 'unknown';
      return schemaState((done as readonly { readonly name: string }[]).map(({ name }) => name));
    } catch (error) {
      return databaseErrorFacts(error)?.errno === NO_SUCH_TABLE ? 'older' : 'unknown';
    }
  }
}

const DONE = 'SELECT name FROM migrations';
const NO_SUCH_TABLE = 1146;
