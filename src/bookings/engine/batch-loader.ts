import { Injectable } from '@nestjs/common';
import { type LockedSection, SectionsRepository } from '../../inventory/index.js';
import { ask, groupBy, remembered, type Transaction } from '../../platform/index.js';
import { type KnownUser, UsersRepository } from '../../users/index.js';
import { Attempts } from './attempts.js';
import type { Order } from './batch-wishes.js';
import type { BookingRequest } from './booking-request.js';
import type { Command } from '../core/commands.js';
import { Desk, type Surroundings } from '../core/desk.js';
import { KnownLoader } from './known-loader.js';

/** Everything that the rules need to decide a batch. */
export interface Batch {
  readonly commands: readonly Command[];
  readonly desks: ReadonlyMap<string, Desk>;
  readonly users: readonly KnownUser[];
  readonly attempts: Attempts;
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
  ) {}

  async load(
    tx: Transaction,
    requests: readonly BookingRequest[],
    surroundings: Surroundings,
  ): Promise<Batch> {
    const [sections, users, attempts] = await ask(tx, [
      this.sections.lock(requests.map((request) => request.sectionId)),
      this.users.findOrName(
        requests.flatMap((request) => ('identifier' in request ? request.identifier : [])),
        surroundings.newId,
      ),
      remembered(requests.flatMap((request) => request.claim ?? [])),
    ]);
    const commands = requests.map((request) => toCommand(request, users));
    const known = await this.known.load(tx, ordersOf(sections, commands), surroundings.now);
    const desks = known.map((one) => new Desk(one, surroundings));
    return {
      commands,
      attempts: new Attempts(attempts),
      desks: new Map(desks.map((desk) => [desk.section.now.id, desk])),
      users: [...users.values()],
    };
  }
}

function toCommand(
  { claim: _, ...request }: BookingRequest,
  users: ReadonlyMap<string, KnownUser>,
): Command {
  if (!('identifier' in request)) return request;
  const { identifier, ...command } = request;
  return { ...command, userId: users.get(identifier)!.id };
}

function ordersOf(
  sections: ReadonlyMap<string, LockedSection>,
  commands: readonly Command[],
): Order[] {
  const bySection = groupBy(commands, ({ sectionId }) => sectionId);
  return [...sections].map(([id, section]) => ({ section, own: bySection.get(id) ?? [] }));
}
