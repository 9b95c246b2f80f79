import {
  AllocationEngine,
  engineOn,
  saveCounters,
  SectionsRepository,
} from '../../allocation/index.js';
import { Clock, OPERATOR, uuidV7 } from '../../platform/common/index.js';
import {
  defineQuery,
  executeAll,
  queryAll,
  type Query,
  readMoment,
  StaleReadError,
  type Transaction,
  TransactionRunner,
} from '../../platform/database/index.js';
import { isInOutbox, outboxInsert, type OutboxRow } from '../../platform/outbox/index.js';
import type { SectionFacts } from '../audit.js';
import { factsOf, type FactsRow, toFacts } from '../audit-facts.js';
import { remaining, type RepairOptions, repairOf, type SectionRepair } from './section-repair.js';

interface Done {
  readonly repairs: readonly SectionRepair[];
  readonly sectionIds: readonly string[];
  /** Id of an outbox row, which proves the commit; undefined if nothing was changed. */
  readonly proof: string | undefined;
}

/**
 * Makes the counters of an event agree with its rows. Instances may run: the sections are locked as by a batch, and
 * instances keep no counters in memory.
 */
export class EventRepair {
  private readonly sections = new SectionsRepository();
  private readonly engine: AllocationEngine;

  constructor(private readonly transactions: TransactionRunner) {
    this.engine = engineOn(transactions);
  }

  /** What a repair would do, by section; none if the event does not exist. */
  plan(eventId: string, options: RepairOptions): Promise<readonly SectionRepair[]> {
    return this.transactions.run('events.repair.plan', async (tx) => {
      const [facts] = await queryAll(tx, [factsQuery(eventId)]);
      return facts.map((one) => repairOf(one, options));
    });
  }

  /** @returns what it did, by section; none if the event does not exist */
  async repair(eventId: string, options: RepairOptions): Promise<readonly SectionRepair[]> {
    const { repairs } = await this.transactions.run<Done>(
      'events.repair',
      (tx) => this.repairIn(tx, eventId, options),
      (tx, { sectionIds, proof }) => this.isCommitted(tx, sectionIds, proof),
    );
    return repairs;
  }

  private async repairIn(tx: Transaction, eventId: string, options: RepairOptions): Promise<Done> {
    const [sectionIds] = await queryAll(tx, [idsOf(eventId)]);
    if (sectionIds.length === 0) return { repairs: [], sectionIds, proof: undefined };
    const [, { now }, facts] = await queryAll(tx, [
      this.sections.lock(sectionIds),
      readMoment(new Clock()),
      factsQuery(eventId),
    ]);
    if (facts.length !== sectionIds.length)
      throw new StaleReadError(new Error('A section was added'));
    const repairs = facts.map((one) => repairOf(one, options));
    const rows = repairs.flatMap((repair) => messageOf(repair, eventId, now));
    if (rows.length > 0) await this.write(tx, repairs, rows);
    return { repairs, sectionIds, proof: rows[0]?.id };
  }

  private async write(
    tx: Transaction,
    repairs: readonly SectionRepair[],
    rows: readonly OutboxRow[],
  ): Promise<void> {
    const unchanged = repairs.filter(({ counters }) => counters === undefined);
    await executeAll(tx, [
      ...saveCounters(repairs.flatMap(({ counters }) => counters ?? [])),
      // On a cluster, a locked row protects nothing unless it is written.
      ...this.sections.countLimitLocks(unchanged.map(({ section }) => section.id)),
      ...outboxInsert(rows),
    ]);
    await this.engine.runIn(tx, repairs.flatMap(servesWaitlist));
  }

  private async isCommitted(
    tx: Transaction,
    sectionIds: readonly string[],
    proof: string | undefined,
  ): Promise<boolean> {
    if (proof === undefined) return true;
    const [, isThere] = await queryAll(tx, [this.sections.lock(sectionIds), isInOutbox(proof)]);
    return isThere;
  }
}

const factsQuery = (eventId: string): Query<readonly SectionFacts[]> => {
  const { sql, parameters } = factsOf(eventId);
  return defineQuery(sql, parameters, (rows: readonly FactsRow[]) => rows.map(toFacts));
};

const idsOf = (eventId: string): Query<readonly string[]> =>
  defineQuery(
    'SELECT id FROM sections WHERE event_id = ?',
    [eventId],
    (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id),
  );

/** Places that turn out to be free go to the waitlist, unless rows still disagree: its rules rely on them. */
function servesWaitlist(repair: SectionRepair) {
  if (repair.counters === undefined || remaining(repair).length > 0) return [];
  const { id: sectionId } = repair.section;
  return { kind: 'configure', sectionId, rules: {}, actor: { by: OPERATOR } } as const;
}

function messageOf({ counters, before }: SectionRepair, eventId: string, now: Date): OutboxRow[] {
  if (counters === undefined) return [];
  const { id: sectionId, version: sequence, ...after } = counters;
  const found = Object.fromEntries(
    before.filter(({ agrees }) => !agrees).map(({ name, kept }) => [name, kept]),
  );
  const payload = { before: found, after, by: OPERATOR };
  const messages = [{ type: 'section.repaired', payload }];
  return [{ id: uuidV7(), eventId, sectionId, sequence, messages, createdAt: now }];
}
