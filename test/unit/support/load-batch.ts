import { PersonAllocations } from '../../../src/allocation/core/state/person-allocations.js';
import type { Command } from '../../../src/allocation/core/commands.js';
import { SectionState, type DecisionContext } from '../../../src/allocation/core/section-state.js';
import { byExpiry, type Hold, Holds } from '../../../src/allocation/core/state/holds.js';
import { SectionBookings } from '../../../src/allocation/core/state/section-bookings.js';
import {
  type ExpiryLimit,
  holdsPerSection,
  splitOverdue,
} from '../../../src/allocation/core/loading/overdue.js';
import {
  type WaitlistLoadPlan,
  planWaitlistLoad,
  seatDemand,
} from '../../../src/allocation/core/loading/waitlist-load-plan.js';
import {
  LockedSection,
  type SectionRow,
} from '../../../src/allocation/core/state/locked-section.js';
import { Seats } from '../../../src/allocation/core/state/seats.js';
import type { WaitlistEntry } from '../../../src/allocation/core/waitlist/waitlist-entry.js';
import { Waitlist } from '../../../src/allocation/core/waitlist/waitlist.js';
import {
  type WaitlistWindow,
  windowsBySize,
} from '../../../src/allocation/core/waitlist/waitlist-window.js';
import { ticketsFor } from './load-tickets.js';
import type { Tables } from './tables.js';

/** How much the loader sees where the contract leaves it a choice. */
export interface Sight {
  /** Seats beyond those that may be needed, so that there are some to choose from. */
  readonly seats: number;
  /** Bookings, holds and entries that one `voidRemaining` is given. */
  readonly voidRemaining: number;
  /** What a batch ends of the overdue holds. */
  readonly expiry: ExpiryLimit;
}

export interface Loaded {
  readonly states: ReadonlyMap<string, SectionState>;
  /** Lines that are longer than what was loaded of them. */
  readonly windowsCut: number;
  /** Overdue holds that are ended first, by section. */
  readonly ended: ReadonlyMap<string, number>;
}

/** Loads what `Known` says must be loaded, and never more: too short a window has to be seen. */
export function loadBatch(
  tables: Tables,
  commands: readonly Command[],
  surroundings: DecisionContext,
  sight: Sight,
): Loaded {
  const claims = claimsIn(tables, commands, surroundings.now);
  const due = overdueIn(tables, commands, surroundings.now, sight.expiry);
  const states = new Map<string, SectionState>();
  const ended = new Map<string, number>();
  let windowsCut = 0;
  for (const section of tables.sections.all) {
    const own = commands.filter(({ sectionId }) => sectionId === section.id);
    if (own.length === 0) continue;
    const dueHere = due.get(section.id);
    ended.set(section.id, dueHere?.ended.length ?? 0);
    const chunk = own.some(({ kind }) => kind === 'voidRemaining') ? sight.voidRemaining : 0;
    const { now } = surroundings;
    const { known, isCut } = loadSection(tables, section, own, {
      now,
      due: dueHere,
      chunk,
      seats: sight.seats,
    });
    if (isCut) windowsCut += 1;
    const ofEvent = claims.get(section.eventId) ?? new PersonAllocations();
    states.set(section.id, new SectionState({ ...known, allocations: ofEvent }, surroundings));
  }
  return { states, windowsCut, ended };
}

/** How much is seen of one section. */
interface View {
  readonly now: Date;
  /** Undefined if nothing can be overdue. */
  readonly due: Due | undefined;
  readonly chunk: number;
  readonly seats: number;
}

interface Due {
  readonly ended: readonly Hold[];
  /** When the first has expired that is left. */
  readonly next: Date | undefined;
}

/** By section in which somebody must look: what the batch ends of what is overdue. */
function overdueIn(
  tables: Tables,
  commands: readonly Command[],
  now: Date,
  bound: ExpiryLimit,
): ReadonlyMap<string, Due> {
  const ids = new Set(commands.map(({ sectionId }) => sectionId));
  const sections = tables.sections.all.filter(
    ({ id, holdsExpireAt }) => ids.has(id) && holdsExpireAt !== null && holdsExpireAt <= now,
  );
  const share = holdsPerSection(bound, sections.length);
  const loaded = sections.map(({ id }) => {
    const held = tables.holds.of(id).filter(({ status }) => status === 'HELD');
    const overdue = held.filter(({ expiresAt }) => expiresAt <= now);
    return overdue.sort(byExpiry).slice(0, share + 1);
  });
  const { ended, nextExpiry } = splitOverdue(loaded, share, bound.places);
  return new Map(
    sections.map(({ id }) => {
      const own = ended.filter(({ sectionId }) => sectionId === id);
      return [id, { ended: own, next: nextExpiry.get(id) }];
    }),
  );
}

function loadSection(tables: Tables, section: SectionRow, own: readonly Command[], view: View) {
  const { now, chunk } = view;
  const tickets = ticketsFor(tables, section.id, own, chunk);
  const { holds, nextExpiry } = holdsFor(tables, section, own, view);
  const held = holds.filter(({ status }) => status === 'HELD');
  const reach = planWaitlistLoad(section, own, {
    tickets: tickets.length,
    heldPlaces: held.reduce((sum, { quantity }) => sum + quantity, 0),
    isOverdue: held.some(({ expiresAt }) => expiresAt <= now),
  });
  const windows = windowsFor(tables.lineOf(section.id), reach);
  const inWindows = new Map(windows.flatMap(({ entries }) => entries).map((one) => [one.id, one]));
  const locked = new LockedSection(section);
  const known = {
    section: locked,
    waitlist: new Waitlist(locked, windows, entriesFor(tables, section.id, own, held, chunk)),
    bookings: new SectionBookings(tickets),
    holds: new Holds(holds, nextExpiry),
    seats: seatsFor(tables, section, own, {
      picked: seatDemand(section, own, [...inWindows.values()]),
      more: view.seats,
      seatIds: [...tickets.map(({ seatId }) => seatId), ...held.flatMap(({ seatIds }) => seatIds)],
    }),
  };
  return { known, isCut: windows.length > 0 && inWindows.size < section.waiting };
}

function holdsFor(
  tables: Tables,
  section: SectionRow,
  own: readonly Command[],
  { now, due, chunk }: View,
): { holds: readonly Hold[]; nextExpiry: Date | null | undefined } {
  const all = tables.holds.of(section.id);
  const held = all.filter(({ status }) => status === 'HELD');
  const named = own.flatMap((one) => ('holdId' in one ? one.holdId : []));
  const offered = concernedBy(tables, section.id, own).flatMap(({ holdId }) => holdId ?? []);
  const coming = held.filter(({ expiresAt }) => expiresAt > now);
  const seen = [...(due?.ended ?? []), ...coming.slice(0, chunk)];
  const ids = new Set([...named, ...offered, ...seen.map(idOf)]);
  const times = coming.map(({ expiresAt }) => expiresAt.getTime());
  const next = times.length === 0 ? null : new Date(Math.min(...times));
  return {
    holds: all.filter(({ id }) => ids.has(id)),
    nextExpiry: due && (due.next ?? next),
  };
}

/** Entries of the people who book or cancel, and those that are named. */
function concernedBy(tables: Tables, sectionId: string, own: readonly Command[]): WaitlistEntry[] {
  const people = new Set(
    own.flatMap((one) => (one.kind === 'book' || one.kind === 'cancel' ? one.userId : [])),
  );
  const named = new Set(own.flatMap((one) => ('entryId' in one ? one.entryId : [])));
  return tables.entries
    .of(sectionId)
    .filter((entry) => named.has(entry.id) || (isOpen(entry) && people.has(entry.userId)));
}

function entriesFor(
  tables: Tables,
  sectionId: string,
  own: readonly Command[],
  held: readonly Hold[],
  chunk: number,
): WaitlistEntry[] {
  const ofHolds = held.flatMap(({ waitlistEntryId }) => waitlistEntryId ?? []);
  return [
    ...concernedBy(tables, sectionId, own),
    ...ofHolds.map((id) => tables.entries.get(id)),
    ...tables.lineOf(sectionId).slice(0, chunk),
  ];
}

function windowsFor(line: readonly WaitlistEntry[], reach: WaitlistLoadPlan): WaitlistWindow[] {
  const { fits, places, departures: leaves, shrinksTo = Infinity } = reach;
  const tooLarge = line.filter(({ quantity }) => quantity > shrinksTo);
  const others = line.filter(({ quantity }) => quantity <= shrinksTo);
  const windows: WaitlistWindow[] = [];
  if (reach.shrinksTo !== undefined) {
    const minQuantity = reach.shrinksTo + 1;
    windows.push({ minQuantity, maxQuantity: Infinity, entries: tooLarge, isWhole: true });
  }
  if (fits.includes('strict')) {
    const window = first(others, places + leaves);
    windows.push({ minQuantity: 1, maxQuantity: shrinksTo, ...window });
  }
  if (!fits.includes('skip')) return windows;
  const upTo = Math.min(places, shrinksTo);
  const sizes = [...new Set(others.map(({ quantity }) => quantity))].filter((one) => one <= upTo);
  const bySize = sizes.map((quantity) => {
    const same = others.filter((entry) => entry.quantity === quantity);
    return { quantity, ...first(same, Math.floor(places / quantity) + leaves) };
  });
  return [...windows, ...windowsBySize(bySize, upTo)];
}

function first(entries: readonly WaitlistEntry[], limit: number) {
  return { entries: entries.slice(0, limit), isWhole: entries.length <= limit };
}

interface SeatsWanted {
  readonly picked: number;
  readonly more: number;
  readonly seatIds: readonly (string | null)[];
}

function seatsFor(
  tables: Tables,
  section: SectionRow,
  own: readonly Command[],
  wanted: SeatsWanted,
): Seats {
  if (!section.isSeated) return new Seats();
  const named = own.flatMap((one) => ('seatIds' in one ? (one.seatIds ?? []) : []));
  const ids = new Set([...named, ...wanted.seatIds]);
  const all = tables.seats.of(section.id);
  const free = all.filter(({ status }) => status === 'AVAILABLE');
  const best = free.sort((a, b) => a.position - b.position);
  const count = wanted.picked === 0 ? 0 : wanted.picked + wanted.more;
  return new Seats([...all.filter(({ id }) => ids.has(id)), ...best.slice(0, count)]);
}

/** By event: what the people have who book or hold where a limit stands, or may stand. */
function claimsIn(
  tables: Tables,
  commands: readonly Command[],
  now: Date,
): ReadonlyMap<string, PersonAllocations> {
  const limitedNow = commands.flatMap((one) =>
    one.kind === 'configure' && typeof one.rules.maxPerPerson === 'number' ? one.sectionId : [],
  );
  const limited = tables.sections.all.filter(
    ({ id, rules }) => rules.maxPerPerson !== null || limitedNow.includes(id),
  );
  const ids = new Set(limited.map(idOf));
  const people = new Set(
    commands.flatMap((one) =>
      (one.kind === 'book' || one.kind === 'hold') && ids.has(one.sectionId) ? one.userId : [],
    ),
  );
  const events = new Set(limited.map(({ eventId }) => eventId));
  return new Map(
    [...events].map((eventId) => {
      const claims = [...people].map((one) => [one, claimOf(tables, eventId, one, now)] as const);
      return [eventId, new PersonAllocations(claims)];
    }),
  );
}

/** Places of a person in an event: booked, held and waited for. */
export function claimOf(tables: Tables, eventId: string, userId: string, now: Date): number {
  const isHis = (row: { readonly userId: string; readonly eventId: string }) =>
    row.userId === userId && row.eventId === eventId;
  const counted = [
    ...tables.bookings.all,
    ...tables.holds.all.filter(({ status, expiresAt }) => status === 'HELD' && expiresAt > now),
    ...tables.entries.all.filter(({ status }) => status === 'WAITING'),
  ];
  return counted.filter(isHis).reduce((sum, { quantity }) => sum + quantity, 0);
}

const idOf = ({ id }: { readonly id: string }): string => id;

const isOpen = ({ status }: WaitlistEntry): boolean => status === 'WAITING' || status === 'OFFERED';
