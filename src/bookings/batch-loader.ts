import { Injectable } from '@nestjs/common';
import { type LockedSection, SectionsRepository } from '../inventory/index.js';
import { ask, remembered, type Transaction } from '../platform/index.js';
import { type KnownUser, UsersRepository } from '../users/index.js';
import { Line, type WaitingEntry, WaitlistRepository } from '../waitlist/index.js';
import { Attempts } from './attempts.js';
import type { BookingRequest } from './booking-request.js';
import {
  BookingsRepository,
  type TicketOfSection,
  type TicketsWanted,
} from './bookings.repository.js';
import type { CancelCommand, Command } from './core/commands.js';
import { Desk, type Surroundings } from './core/desk.js';
import { Ledger } from './core/ledger.js';

/** Everything that the rules need to decide a batch. */
export interface Batch {
  readonly commands: readonly Command[];
  readonly desks: ReadonlyMap<string, Desk>;
  readonly users: readonly KnownUser[];
  readonly attempts: Attempts;
}

/**
 * The lock and load steps: three round trips at the most, whatever the number of commands. The lock
 * is the first statement of all, so everything else is read as it stands under it.
 */
@Injectable()
export class BatchLoader {
  constructor(
    private readonly sections: SectionsRepository,
    private readonly usersRepository: UsersRepository,
    private readonly waitlist: WaitlistRepository,
    private readonly bookings: BookingsRepository,
  ) {}

  async load(
    tx: Transaction,
    requests: readonly BookingRequest[],
    surroundings: Surroundings,
  ): Promise<Batch> {
    const [sections, users, known] = await ask(tx, [
      this.sections.lock(requests.map((request) => request.sectionId)),
      this.usersRepository.findOrName(
        requests.map((request) => request.identifier),
        surroundings.newId,
      ),
      remembered(requests.flatMap((request) => request.claim ?? [])),
    ]);
    const commands = requests.map(({ identifier, claim, ...command }): Command => {
      return { ...command, userId: users.get(identifier)!.id };
    });
    const cancels = commands.filter((command) => command.kind === 'cancel');
    const [tickets, entries] = await ask(tx, [
      this.bookings.heldTickets(ticketsWanted(cancels)),
      this.waitlist.ofPeople(peopleInLines(sections, commands)),
    ]);
    const [heads] = await ask(tx, [
      this.waitlist.heads(headsWanted([...sections.values()], { cancels, tickets, entries })),
    ]);
    const desks = [...sections.values()].map((section) => {
      const ofSection = inSection(section.now.id);
      const line = new Line(section, heads.filter(ofSection), entries.filter(ofSection));
      return new Desk(section, line, new Ledger(tickets.filter(ofSection)), surroundings);
    });
    return {
      commands,
      attempts: new Attempts(known),
      desks: new Map(desks.map((desk) => [desk.section.now.id, desk])),
      users: [...users.values()],
    };
  }
}

const inSection =
  (sectionId: string) =>
  (row: { readonly sectionId: string }): boolean =>
    row.sectionId === sectionId;

const personOf = ({ sectionId, userId }: CancelCommand): string => `${sectionId}/${userId}`;

const ALL = Number.MAX_SAFE_INTEGER;

/** Tickets that a cancel can take; how many a whole booking has is not known before it is loaded. */
function ticketsTaken({ target }: CancelCommand): number {
  if (target.by === 'tickets') return target.ticketIds.length;
  return target.by === 'newest' ? target.quantity : ALL;
}

/**
 * One person's several cancels in a batch take from each other's newest tickets, so of those as many
 * are needed as all of them can take together.
 */
function ticketsWanted(cancels: readonly CancelCommand[]): TicketsWanted[] {
  const taken = new Map<string, number>();
  for (const cancel of cancels) {
    const person = personOf(cancel);
    taken.set(person, Math.min(ALL, (taken.get(person) ?? 0) + ticketsTaken(cancel)));
  }
  return cancels.map((cancel) => {
    const { sectionId, userId, target } = cancel;
    return { sectionId, userId, target, newestMax: taken.get(personOf(cancel))! };
  });
}

interface Movers {
  readonly cancels: readonly CancelCommand[];
  /** Tickets that may be cancelled. */
  readonly tickets: readonly TicketOfSection[];
  /** Waiting entries of the people of the batch. */
  readonly entries: readonly WaitingEntry[];
}

/**
 * How much of each line a batch can reach: as many entries as there may be free places, and those
 * that may leave in between. (A head that does not fit is looked at only while a place is free, so it
 * is among them.)
 */
const headsWanted = (
  sections: readonly LockedSection[],
  { cancels, tickets, entries }: Movers,
): { sectionId: string; count: number }[] =>
  sections.flatMap(({ now }) => {
    const ofSection = inSection(now.id);
    const cancelling = new Set(cancels.filter(ofSection).map((cancel) => cancel.userId));
    if (now.waiting === 0 || cancelling.size === 0) return [];
    const freedMax = tickets.filter(ofSection).length;
    const leavesMax = entries.filter((one) => ofSection(one) && cancelling.has(one.userId)).length;
    return [{ sectionId: now.id, count: now.available + freedMax + leavesMax }];
  });

function peopleInLines(
  sections: ReadonlyMap<string, LockedSection>,
  commands: readonly Command[],
): ReadonlyMap<string, string[]> {
  const people = new Map<string, string[]>();
  for (const { sectionId, userId } of commands) {
    if ((sections.get(sectionId)?.now.waiting ?? 0) === 0) continue;
    people.set(sectionId, [...(people.get(sectionId) ?? []), userId]);
  }
  return people;
}
