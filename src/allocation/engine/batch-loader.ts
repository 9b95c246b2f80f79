import { Injectable } from '@nestjs/common';
import type { LockedSection } from '../core/state/locked-section.js';
import { SectionsRepository } from '../storage/sections.repository.js';
import { ask, type Transaction } from '../../platform/database/index.js';
import { type Clock, groupBy } from '../../platform/common/index.js';
import { remembered } from '../../platform/idempotency/index.js';
import { type KnownUser, nameOf, UsersRepository } from '../../users/index.js';
import { Attempts } from './replay-index.js';
import type { Order } from './load-requirements.js';
import type { BookingRequest } from './command-request.js';
import type { Command } from '../core/commands.js';
import { Desk } from '../core/section-state.js';
import { KnownLoader } from './section-state-loader.js';
import { LimitLocks } from './cross-section-locks.js';

/** Everything that the rules need to decide a batch. */
export interface Batch {
  readonly commands: readonly Command[];
  readonly desks: ReadonlyMap<string, Desk>;
  readonly users: readonly KnownUser[];
  readonly attempts: Attempts;
  /** When the lock was had. */
  readonly now: Date;
  /** First sections of events that were locked for a limit. */
  readonly limitLocks: readonly string[];
}

/** What a batch may not find out by itself: the time, and names for new things. */
export interface Sources {
  readonly clock: Pick<Clock, 'now'>;
  readonly newId: () => string;
}

/**
 * The lock and load steps, in a few round trips whatever the number of commands. The lock is the
 * first statement of all, so everything else is read as it stands under it.
 */
@Injectable()
export class BatchLoader {
  constructor(
    private readonly sections: SectionsRepository,
    private readonly users: UsersRepository,
    private readonly known: KnownLoader,
    private readonly limits: LimitLocks,
  ) {}

  async load(
    tx: Transaction,
    requests: readonly BookingRequest[],
    { clock, newId }: Sources,
  ): Promise<Batch> {
    const named = requests.map((request) => request.sectionId);
    const [sections, users, attempts] = await ask(tx, [
      this.sections.lock([...named, ...this.limits.expected(requests)]),
      this.users.findOrName(
        requests.flatMap((request) => ('person' in request ? request.person : [])),
        newId,
      ),
      remembered(requests.flatMap((request) => request.claim ?? [])),
    ]);
    const limitLocks = this.limits.check(requests, sections);
    // Whatever was waited for the lock, it is as late as it is now.
    const now = clock.now();
    const commands = requests.map((request) => toCommand(request, users));
    const known = await this.known.load(tx, ordersOf(sections, commands), now);
    const desks = known.map((one) => new Desk(one, { now, newId }));
    return {
      commands,
      attempts: new Attempts(attempts),
      desks: new Map(desks.map((desk) => [desk.section.now.id, desk])),
      users: [...users.values()],
      now,
      limitLocks,
    };
  }
}

function toCommand(
  { claim: _, ...request }: BookingRequest,
  users: ReadonlyMap<string, KnownUser>,
): Command {
  if (!('person' in request)) return request;
  const { person, ...command } = request;
  return { ...command, userId: users.get(nameOf(person))!.id };
}

function ordersOf(
  sections: ReadonlyMap<string, LockedSection>,
  commands: readonly Command[],
): Order[] {
  const bySection = groupBy(commands, ({ sectionId }) => sectionId);
  return [...bySection].flatMap(([id, own]) => {
    const section = sections.get(id);
    return section === undefined ? [] : { section, own };
  });
}
