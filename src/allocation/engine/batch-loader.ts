import { Injectable } from '@nestjs/common';
import type { LockedSection } from '../core/state/locked-section.js';
import { SectionsRepository } from '../storage/sections.repository.js';
import { queryAll, type Transaction } from '../../platform/database/index.js';
import { type Clock, groupBy } from '../../platform/common/index.js';
import { findStoredResults } from '../../platform/idempotency/index.js';
import { type ResolvedUser, nameOf, UsersRepository } from '../../users/index.js';
import { ReplayIndex } from './replay-index.js';
import type { SectionBatch } from './load-requirements.js';
import type { CommandRequest } from './command-request.js';
import type { Command } from '../core/commands.js';
import { SectionState } from '../core/section-state.js';
import { SectionStateLoader } from './section-state-loader.js';
import { CrossSectionLocks } from './cross-section-locks.js';

/** Everything that the rules need to decide a batch. */
export interface Batch {
  readonly commands: readonly Command[];
  readonly sections: ReadonlyMap<string, SectionState>;
  readonly users: readonly ResolvedUser[];
  readonly replays: ReplayIndex;
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
    private readonly known: SectionStateLoader,
    private readonly limits: CrossSectionLocks,
  ) {}

  async load(
    tx: Transaction,
    requests: readonly CommandRequest[],
    { clock, newId }: Sources,
  ): Promise<Batch> {
    const named = requests.map((request) => request.sectionId);
    const [sections, users, attempts] = await queryAll(tx, [
      this.sections.lock([...named, ...this.limits.expected(requests)]),
      this.users.resolve(
        requests.flatMap((request) => ('person' in request ? request.person : [])),
        newId,
      ),
      findStoredResults(requests.flatMap((request) => request.idempotencyKey ?? [])),
    ]);
    const limitLocks = this.limits.check(requests, sections);
    // Whatever was waited for the lock, it is as late as it is now.
    const now = clock.now();
    const commands = requests.map((request) => toCommand(request, users));
    const known = await this.known.load(tx, ordersOf(sections, commands), now);
    const states = known.map((one) => new SectionState(one, { now, newId }));
    return {
      commands,
      replays: new ReplayIndex(attempts),
      sections: new Map(states.map((state) => [state.section.row.id, state])),
      users: [...users.values()],
      now,
      limitLocks,
    };
  }
}

function toCommand(
  { idempotencyKey: _, ...request }: CommandRequest,
  users: ReadonlyMap<string, ResolvedUser>,
): Command {
  if (!('person' in request)) return request;
  const { person, ...command } = request;
  return { ...command, userId: users.get(nameOf(person))!.id };
}

function ordersOf(
  sections: ReadonlyMap<string, LockedSection>,
  commands: readonly Command[],
): SectionBatch[] {
  const bySection = groupBy(commands, ({ sectionId }) => sectionId);
  return [...bySection].flatMap(([id, own]) => {
    const section = sections.get(id);
    return section === undefined ? [] : { section, commands: own };
  });
}
