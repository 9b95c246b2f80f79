import { Injectable } from '@nestjs/common';
import type { LockedSection } from '../inventory/index.js';
import { findRemembered, type Transaction } from '../platform/index.js';
import { type KnownUser, UsersRepository } from '../users/index.js';
import { Line, WaitlistRepository } from '../waitlist/index.js';
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

type Sections = ReadonlyMap<string, LockedSection>;

/** The load step: a fixed number of queries, whatever the number of commands. */
@Injectable()
export class BatchLoader {
  constructor(
    private readonly usersRepository: UsersRepository,
    private readonly waitlist: WaitlistRepository,
    private readonly bookings: BookingsRepository,
  ) {}

  async load(
    tx: Transaction,
    sections: Sections,
    requests: readonly BookingRequest[],
    surroundings: Surroundings,
  ): Promise<Batch> {
    const identifiers = requests.map((request) => request.identifier);
    const users = await this.usersRepository.findOrName(tx, identifiers, surroundings.newId);
    const claims = requests.flatMap((request) => request.claim ?? []);
    const remembered = await findRemembered(tx, claims);
    const commands = requests.map(({ identifier, claim, ...command }): Command => {
      return { ...command, userId: users.get(identifier)!.id };
    });
    const cancels = commands.filter((command) => command.kind === 'cancel');
    const tickets = await this.bookings.heldTickets(tx, ticketsWanted(cancels));
    const heads = await this.waitlist.heads(tx, headsWanted(sections, cancels, tickets));
    const entries = await this.waitlist.ofPeople(tx, peopleInLines(sections, commands));
    const desks = [...sections.values()].map((section) => {
      const ofSection = inSection(section.now.id);
      const line = new Line(section, heads.filter(ofSection), entries.filter(ofSection));
      return new Desk(section, line, new Ledger(tickets.filter(ofSection)), surroundings);
    });
    return {
      commands,
      attempts: new Attempts(remembered),
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

/**
 * How much of each line a batch can reach: as many entries as there may be free places, and those
 * that may leave in between. (A head that does not fit is looked at only while a place is free, so it
 * is among them.)
 */
function headsWanted(
  sections: Sections,
  cancels: readonly CancelCommand[],
  tickets: readonly TicketOfSection[],
): { sectionId: string; count: number }[] {
  const withLine = [...sections.values()].filter(({ now }) => now.waiting > 0);
  return withLine.flatMap(({ now }) => {
    const leavesMax = cancels.filter(inSection(now.id)).length;
    if (leavesMax === 0) return [];
    const freedMax = tickets.filter(inSection(now.id)).length;
    return [{ sectionId: now.id, count: now.available + freedMax + leavesMax }];
  });
}

function peopleInLines(
  sections: Sections,
  commands: readonly Command[],
): ReadonlyMap<string, string[]> {
  const people = new Map<string, string[]>();
  for (const { sectionId, userId } of commands) {
    if ((sections.get(sectionId)?.now.waiting ?? 0) === 0) continue;
    people.set(sectionId, [...(people.get(sectionId) ?? []), userId]);
  }
  return people;
}
