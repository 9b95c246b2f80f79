import { Injectable } from '@nestjs/common';
import { AllocationService, type EngineReport } from '../allocation/index.js';
import { withTimeout } from '../platform/common/index.js';
import {
  CoalescedReads,
  CommitProbe,
  databaseErrorFacts,
  DatabaseReader,
  ProbeConnection,
  schemaState,
} from '../platform/database/index.js';
import type { Checks } from './health.dto.js';

const SCHEMA_MS_MAX = 1_000;

/** The report crosses threads, and this one may be busy with the answers of thousands of clients. */
const REPORT_MS_MAX = 10_000;

/**
 * Longer than any transaction can take, including its retries and the lookup of an unknown outcome. A batch
 * that runs longer will never end.
 */
export const STUCK_MS = 60_000;

const NO_REPORT = { lanes: [], writes: 'failing', writtenMsAgo: Infinity } as const;

/** The values with which an instance is ready. */
const READY_WITH: { readonly [Name in keyof Checks]: readonly Checks[Name][] } = {
  service: ['up'],
  database: ['up'],
  lanes: ['up', 'full'],
  writes: ['up'],
  schema: ['up', 'newer', 'unknown'],
};

const isReady = (checks: Checks): boolean =>
  Object.entries(READY_WITH).every(([name, values]) =>
    (values as readonly string[]).includes(checks[name as keyof Checks]),
  );

/** Decides whether this instance should receive requests. */
@Injectable()
export class Readiness {
  private draining = false;

  /** Concurrent checks share one query. */
  private readonly schemaReads: CoalescedReads<readonly unknown[]>;
  private readonly probe: CommitProbe;

  constructor(
    reads: DatabaseReader,
    connection: ProbeConnection,
    private readonly allocation: AllocationService,
  ) {
    this.schemaReads = new CoalescedReads((sql) => reads.query(sql, []));
    this.probe = new CommitProbe(connection);
  }

  /** Shutdown begins: finish requests in progress, receive no new ones. */
  startDraining(): void {
    this.draining = true;
  }

  async check(): Promise<{ readonly ready: boolean; readonly checks: Checks }> {
    const { lanes, writes, writtenMsAgo } = (await this.report()) ?? NO_REPORT;
    const [database, schema] = await Promise.all([
      this.checkDatabase(writtenMsAgo),
      this.checkSchema(),
    ]);
    const checks: Checks = {
      service: this.draining ? 'draining' : 'up',
      database,
      lanes: this.checkLanes(lanes),
      writes,
      schema,
    };
    return { ready: isReady(checks), checks };
  }

  private report(): Promise<EngineReport | undefined> {
    return withTimeout(this.allocation.report(), REPORT_MS_MAX, () => undefined);
  }

  /**
   * A stuck lane is a fault of this instance alone, and other instances can serve its events. A full lane
   * is not: the same event fills the same lane of every instance, so taking instances out of service
   * would take all other events with them. Requests for that event get 503 instead.
   */
  private checkLanes(states: EngineReport['lanes']): Checks['lanes'] {
    // Without its engine, the instance can book nothing.
    if (states.length === 0) return 'stuck';
    if (states.some(({ busyMs }) => busyMs > STUCK_MS)) return 'stuck';
    return this.allocation.isOverloaded ? 'full' : 'up';
  }

  private async checkDatabase(writtenMsAgo: number): Promise<Checks['database']> {
    return (await this.probe.canCommit(writtenMsAgo)) ? 'up' : 'down';
  }

  /**
   * An older schema lacks what this version needs. A newer one is ordinary during an upgrade: the migrations
   * run first, and instances of the version before still serve.
   */
  private async checkSchema(): Promise<Checks['schema']> {
    try {
      const done = await withTimeout(this.schemaReads.get(DONE), SCHEMA_MS_MAX, () => undefined);
      if (done === undefined) return 'unknown';
      return schemaState((done as readonly { readonly name: string }[]).map(({ name }) => name));
    } catch (error) {
      return databaseErrorFacts(error)?.errno === NO_SUCH_TABLE ? 'older' : 'unknown';
    }
  }
}

const DONE = 'SELECT name FROM migrations';
const NO_SUCH_TABLE = 1146;
