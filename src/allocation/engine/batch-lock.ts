import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../platform/common/index.js';
import {
  type Moment,
  queryAll,
  readMoment,
  StaleReadError,
  type Transaction,
} from '../../platform/database/index.js';
import { findStoredResults } from '../../platform/idempotency/index.js';
import { isInOutbox } from '../../platform/outbox/index.js';
import { nameOf, type ResolvedUser, UsersRepository } from '../../users/index.js';
import type { Command } from '../core/commands.js';
import type { LockedSection } from '../core/state/locked-section.js';
import { SectionsRepository } from '../storage/sections.repository.js';
import type { CommandRequest } from './command-request.js';
import { ReplayIndex } from './replay-index.js';

/** Remembers about 20 MB at most. */
const SECTIONS_REMEMBERED_MAX = 100_000;

/** A batch whose sections are locked, with what was read in the same round trip. */
export interface LockedBatch {
  /** One for each request, in the same order. */
  readonly commands: readonly Command[];
  /** By id; sections that do not exist are missing. */
  readonly sections: ReadonlyMap<string, LockedSection>;
  /** First sections of events, locked because a limit spans the event. */
  readonly limitLocks: readonly string[];
  readonly users: readonly ResolvedUser[];
  readonly replays: ReplayIndex;
  /** Read after the wait for the lock: until then, holds may have expired. */
  readonly moment: Moment;
}

/**
 * The lock step. The lock is the first statement of the transaction, so that everything else is read
 * as it is under the lock.
 *
 * Where `maxPerPerson` limits a person's places in a whole event, no two sections of that event may be
 * decided at once: commands that take places lock the event's first section as well. Whether there is
 * such a limit is known only once a section is locked, so a batch that meets an unexpected one starts
 * again; later batches expect it.
 */
@Injectable()
export class BatchLock {
  /** The event's first section, by section with a limit. */
  private readonly firstSections = new LRUCache<string, string>({ max: SECTIONS_REMEMBERED_MAX });

  constructor(
    private readonly sections: SectionsRepository,
    private readonly users: UsersRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws {StaleReadError} if another section must be locked as well: the batch must start again */
  async acquire(
    tx: Transaction,
    requests: readonly CommandRequest[],
    newId: () => string,
  ): Promise<LockedBatch> {
    const takers = sectionsTakenFrom(requests);
    const expected = takers.flatMap((id) => this.firstSections.get(id) ?? []);
    const people = requests.flatMap((request) => ('person' in request ? request.person : []));
    const [sections, moment, users, stored] = await queryAll(tx, [
      this.sections.lock([...requests.map(({ sectionId }) => sectionId), ...expected]),
      readMoment(this.clock),
      this.users.resolve(people, newId),
      findStoredResults(requests.flatMap((request) => request.idempotencyKey ?? [])),
    ]);
    return {
      commands: requests.map((request) => toCommand(request, users)),
      sections,
      limitLocks: this.limitLocks(takers, sections),
      users: [...users.values()],
      replays: new ReplayIndex(stored),
      moment,
    };
  }

  /**
   * Whether a batch whose COMMIT was not answered took effect. The locks are granted only once its
   * transaction has ended, so the answer is final. A batch without messages changed nothing: it does
   * no harm to run it again.
   *
   * @param proof id of an outbox row of the batch
   */
  async isCommitted(
    tx: Transaction,
    requests: readonly CommandRequest[],
    proof: string | undefined,
  ): Promise<boolean> {
    if (proof === undefined) return false;
    const sectionIds = requests.map(({ sectionId }) => sectionId);
    const [, isThere] = await queryAll(tx, [this.sections.lock(sectionIds), isInOutbox(proof)]);
    return isThere;
  }

  private limitLocks(
    takers: readonly string[],
    locked: ReadonlyMap<string, LockedSection>,
  ): readonly string[] {
    const needed = takers.flatMap((id) => this.firstSectionFor(locked.get(id)) ?? []);
    const missing = needed.filter((id) => !locked.has(id));
    if (missing.length === 0) return [...new Set(needed)];
    throw new StaleReadError(new Error(`Sections ${missing.join()} must be locked as well`));
  }

  private firstSectionFor(section: LockedSection | undefined): string | undefined {
    if (section === undefined) return undefined;
    const { id, firstSectionId, rules } = section.row;
    if (firstSectionId === null) return undefined;
    if (rules.maxPerPerson === null) {
      this.firstSections.delete(id);
      return undefined;
    }
    this.firstSections.set(id, firstSectionId);
    return firstSectionId;
  }
}

/**
 * Commands that give a person more places (book, hold), or that book a hold which may expire at any
 * moment (confirm, accept): a later batch must see those places as booked, or they would not count.
 * Other commands, promotions included, only move places from one kind that counts to another.
 */
const TAKES_PLACES: ReadonlySet<CommandRequest['kind']> = new Set<CommandRequest['kind']>([
  'book',
  'hold',
  'confirm',
  'accept',
]);

const sectionsTakenFrom = (requests: readonly CommandRequest[]): string[] => {
  const takers = requests.filter(({ kind }) => TAKES_PLACES.has(kind));
  return [...new Set(takers.map(({ sectionId }) => sectionId))];
};

/** @param users by name (`nameOf`), one for each person that a request names */
function toCommand(
  { idempotencyKey: _, actor: __, ...request }: CommandRequest,
  users: ReadonlyMap<string, ResolvedUser>,
): Command {
  if (!('person' in request)) return request;
  const { person, ...command } = request;
  return { ...command, userId: users.get(nameOf(person))!.id };
}
