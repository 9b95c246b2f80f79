import { PersonAllocations } from '../../../src/allocation/core/state/person-allocations.js';
import type { Command } from '../../../src/allocation/core/commands.js';
import type { DecisionContext, SectionState } from '../../../src/allocation/core/section-state.js';
import { byExpiry, type Hold, Holds } from '../../../src/allocation/core/state/holds.js';
import { SectionBookings } from '../../../src/allocation/core/state/section-bookings.js';
import {
  type SectionBatch,
  seatDemand,
} from '../../../src/allocation/core/loading/load-requirements.js';
import {
  type ExpiryLimit,
  holdsPerSection,
  splitOverdue,
} from '../../../src/allocation/core/loading/overdue.js';
import {
  planWaitlistLoad,
  windowQueries,
  windowsFrom,
  type WaitlistLoadPlan,
  type WindowQuery,
} from '../../../src/allocation/core/loading/waitlist-load-plan.js';
import { LockedSection } from '../../../src/allocation/core/state/locked-section.js';
import { Seats } from '../../../src/allocation/core/state/seats.js';
import type { WaitlistEntry } from '../../../src/allocation/core/waitlist/waitlist-entry.js';
import { Waitlist } from '../../../src/allocation/core/waitlist/waitlist.js';
import type { WaitlistWindow } from '../../../src/allocation/core/waitlist/waitlist-queue.js';
import { ticketsFor } from './load-tickets.js';
import type { Tables } from './tables.js';

/** How much is loaded where `SectionState` leaves a choice. */
export interface LoadLimits {
  /** Seats beyond those that may be needed, to have some to choose from. */
  readonly seats: number;
  /** Bookings, holds and entries that one `voidRemaining` gets. */
  readonly voidRemaining: number;
  /** Overdue holds that a batch ends. */
  readonly expiry: ExpiryLimit;
}

export interface Loaded {
  readonly states: ReadonlyMap<string, SectionState>;
  /** Number of waitlists of which only a part was loaded. */
  readonly windowsCut: number;
  /** Number of overdue holds that the batch ends, by section. */
  readonly ended: ReadonlyMap<string, number>;
}

/** Loads what `SectionState` says must be loaded and never more, so that a gap makes the rules throw. */
export function loadBatch(
  tables: Tables,
  commands: readonly Command[],
  context: DecisionContext,
  limits: LoadLimits,
): Loaded {
  const allocations = allocationsIn(tables, commands, context.now);
  const overdue = overdueIn(tables, commands, context.now, limits.expiry);
  const states = new Map<string, SectionState>();
  const ended = new Map<string, number>();
  let windowsCut = 0;
  for (const row of tables.sections.all) {
    const batch = {
      section: new LockedSection(row),
      commands: commands.filter(({ sectionId }) => sectionId === row.id),
    };
    if (batch.commands.length === 0) continue;
    const overdueHere = overdue.get(row.id);
    ended.set(row.id, overdueHere?.ended.length ?? 0);
    const isVoided = batch.commands.some(({ kind }) => kind === 'voidRemaining');
    const { parts, isCut } = loadSection(tables, batch, {
      now: context.now,
      overdue: overdueHere,
      voidMax: isVoided ? limits.voidRemaining : 0,
      seats: limits.seats,
    });
    if (isCut) windowsCut += 1;
    const ofEvent = allocations.get(row.eventId) ?? new PersonAllocations();
    states.set(row.id, { ...parts, allocations: ofEvent, messages: [], context });
  }
  return { states, windowsCut, ended };
}

/** How much is loaded of one section. */
interface SectionLimits {
  readonly now: Date;
  /** Undefined if nothing can be overdue. */
  readonly overdue: Overdue | undefined;
  readonly voidMax: number;
  readonly seats: number;
}

interface Overdue {
  readonly ended: readonly Hold[];
  /** When the first hold expired that is left. */
  readonly next: Date | undefined;
}

/** The overdue holds that the batch ends, by section in which there may be some. */
function overdueIn(
  tables: Tables,
  commands: readonly Command[],
  now: Date,
  limit: ExpiryLimit,
): ReadonlyMap<string, Overdue> {
  const ids = new Set(commands.map(({ sectionId }) => sectionId));
  const sections = tables.sections.all.filter(
    ({ id, holdsExpireAt }) => ids.has(id) && holdsExpireAt !== null && holdsExpireAt <= now,
  );
  const perSection = holdsPerSection(limit, sections.length);
  const loaded = sections.map(({ id }) => {
    const held = tables.holds.of(id).filter(({ status }) => status === 'HELD');
    const overdue = held.filter(({ expiresAt }) => expiresAt <= now);
    return overdue.sort(byExpiry).slice(0, perSection + 1);
  });
  const { ended, nextExpiry } = splitOverdue(loaded, perSection, limit.places);
  return new Map(
    sections.map(({ id }) => {
      const endedHere = ended.filter(({ sectionId }) => sectionId === id);
      return [id, { ended: endedHere, next: nextExpiry.get(id) }];
    }),
  );
}

function loadSection(tables: Tables, batch: SectionBatch, limits: SectionLimits) {
  const { section, commands } = batch;
  const { id, waiting } = section.row;
  const { now, voidMax } = limits;
  const tickets = ticketsFor(tables, id, commands, voidMax);
  const { holds, nextExpiry } = holdsFor(tables, batch, limits);
  const held = holds.filter(({ status }) => status === 'HELD');
  const plan = planWaitlistLoad(batch, { ticketCount: tickets.length, held, now });
  const windows = windowsFor(tables.waitlistOf(id), plan);
  const entries = windows.flatMap((window) => window.entries);
  const inWindows = [...new Map(entries.map((entry) => [entry.id, entry])).values()];
  const parts = {
    section,
    waitlist: new Waitlist(section, windows, entriesFor(tables, batch, held, voidMax)),
    bookings: new SectionBookings(tickets),
    holds: new Holds(holds, nextExpiry),
    seats: seatsFor(tables, batch, {
      picked: seatDemand(batch, inWindows),
      more: limits.seats,
      seatIds: [...tickets.map(({ seatId }) => seatId), ...held.flatMap(({ seatIds }) => seatIds)],
    }),
  };
  return { parts, isCut: windows.length > 0 && inWindows.length < waiting };
}

function holdsFor(
  tables: Tables,
  batch: SectionBatch,
  { now, overdue, voidMax }: SectionLimits,
): { holds: readonly Hold[]; nextExpiry: Date | null | undefined } {
  const all = tables.holds.of(batch.section.row.id);
  const held = all.filter(({ status }) => status === 'HELD');
  const named = batch.commands.flatMap((command) => ('holdId' in command ? command.holdId : []));
  const offered = entriesConcerned(tables, batch).flatMap(({ holdId }) => holdId ?? []);
  const notOverdue = held.filter(({ expiresAt }) => expiresAt > now);
  const others = [...(overdue?.ended ?? []), ...notOverdue.slice(0, voidMax)];
  const ids = new Set([...named, ...offered, ...others.map(idOf)]);
  const times = notOverdue.map(({ expiresAt }) => expiresAt.getTime());
  const next = times.length === 0 ? null : new Date(Math.min(...times));
  return {
    holds: all.filter(({ id }) => ids.has(id)),
    nextExpiry: overdue && (overdue.next ?? next),
  };
}

/** Open entries of the people who book or cancel, and the entries that commands name. */
function entriesConcerned(tables: Tables, { section, commands }: SectionBatch): WaitlistEntry[] {
  const people = new Set(
    commands.flatMap((command) =>
      command.kind === 'book' || command.kind === 'cancel' ? command.userId : [],
    ),
  );
  const named = new Set(
    commands.flatMap((command) => ('entryId' in command ? command.entryId : [])),
  );
  return tables.entries
    .of(section.row.id)
    .filter((entry) => named.has(entry.id) || (isOpen(entry) && people.has(entry.userId)));
}

function entriesFor(
  tables: Tables,
  batch: SectionBatch,
  held: readonly Hold[],
  voidMax: number,
): WaitlistEntry[] {
  const ofHolds = held.flatMap(({ waitlistEntryId }) => waitlistEntryId ?? []);
  return [
    ...entriesConcerned(tables, batch),
    ...ofHolds.map((id) => tables.entries.get(id)),
    ...tables.waitlistOf(batch.section.row.id).slice(0, voidMax),
  ];
}

function windowsFor(waiting: readonly WaitlistEntry[], plan: WaitlistLoadPlan): WaitlistWindow[] {
  const queries = windowQueries(plan, [...new Set(waiting.map(({ quantity }) => quantity))]);
  const read = ({ minQuantity, maxQuantity, count }: WindowQuery) =>
    waiting
      .filter(({ quantity }) => quantity >= minQuantity && quantity <= maxQuantity)
      .slice(0, count);
  return windowsFrom(plan, queries, queries.map(read));
}

interface SeatsNeeded {
  readonly picked: number;
  readonly more: number;
  readonly seatIds: readonly (string | null)[];
}

function seatsFor(
  tables: Tables,
  { section, commands }: SectionBatch,
  { picked, more, seatIds }: SeatsNeeded,
): Seats {
  if (!section.row.isSeated) return new Seats();
  const named = commands.flatMap((command) =>
    'seatIds' in command ? (command.seatIds ?? []) : [],
  );
  const ids = new Set([...named, ...seatIds]);
  const all = tables.seats.of(section.row.id);
  const free = all.filter(({ status }) => status === 'AVAILABLE');
  const best = free.sort((a, b) => a.position - b.position);
  const count = picked === 0 ? 0 : picked + more;
  return new Seats([...all.filter(({ id }) => ids.has(id)), ...best.slice(0, count)]);
}

/** By event, the places of the people who book or hold where a limit applies, or may apply. */
function allocationsIn(
  tables: Tables,
  commands: readonly Command[],
  now: Date,
): ReadonlyMap<string, PersonAllocations> {
  const limitedInBatch = commands.flatMap((command) =>
    command.kind === 'configure' && typeof command.rules.maxPerPerson === 'number'
      ? command.sectionId
      : [],
  );
  const limited = tables.sections.all.filter(
    ({ id, rules }) => rules.maxPerPerson !== null || limitedInBatch.includes(id),
  );
  const ids = new Set(limited.map(idOf));
  const people = new Set(
    commands.flatMap((command) =>
      (command.kind === 'book' || command.kind === 'hold') && ids.has(command.sectionId)
        ? command.userId
        : [],
    ),
  );
  const events = new Set(limited.map(({ eventId }) => eventId));
  return new Map(
    [...events].map((eventId) => {
      const places = [...people].map((person) => {
        return [person, placesOfPerson(tables, eventId, person, now)] as const;
      });
      return [eventId, new PersonAllocations(places)];
    }),
  );
}

/** Places of a person in an event: booked, held and awaited. */
export function placesOfPerson(tables: Tables, eventId: string, userId: string, now: Date): number {
  const isTheirs = (row: { readonly userId: string; readonly eventId: string }) =>
    row.userId === userId && row.eventId === eventId;
  const counted = [
    ...tables.bookings.all,
    ...tables.holds.all.filter(({ status, expiresAt }) => status === 'HELD' && expiresAt > now),
    ...tables.entries.all.filter(({ status }) => status === 'WAITING'),
  ];
  return counted.filter(isTheirs).reduce((sum, { quantity }) => sum + quantity, 0);
}

const idOf = ({ id }: { readonly id: string }): string => id;

const isOpen = ({ status }: WaitlistEntry): boolean => status === 'WAITING' || status === 'OFFERED';
