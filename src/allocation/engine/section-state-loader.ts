import { Injectable } from '@nestjs/common';
import { Seats } from '../core/state/seats.js';
import { SeatsRepository, type SeatOfSection } from '../storage/seats.repository.js';
import { queryAll, type Transaction } from '../../platform/database/index.js';
import { groupBy } from '../../platform/common/index.js';
import type { WaitlistEntry } from '../core/waitlist/waitlist-entry.js';
import { Waitlist } from '../core/waitlist/waitlist.js';
import type { WaitlistWindow } from '../core/waitlist/waitlist-window.js';
import { WaitlistRepository } from '../storage/waitlist.repository.js';
import {
  entriesNamed,
  holdsNamed,
  isOverdue,
  isVoided,
  type SectionBatch,
  peopleConcerned,
  seatsNamed,
  ticketsWanted,
  VOIDED_MAX,
} from './load-requirements.js';
import { windowsFrom, windowQueries } from './window-queries.js';
import { BookingsRepository, type TicketOfSection } from '../storage/bookings.repository.js';
import { PersonAllocationsLoader } from './person-allocations-loader.js';
import type { LoadedSection } from '../core/section-state.js';
import { type Hold, Holds } from '../core/state/holds.js';
import { SectionBookings } from '../core/state/section-bookings.js';
import {
  EXPIRY_LIMIT,
  type ExpiryLimit,
  holdsPerSection,
  splitOverdue,
} from '../core/loading/overdue.js';
import {
  type WaitlistLoadPlan,
  planWaitlistLoad,
  seatDemand,
} from '../core/loading/waitlist-load-plan.js';
import { type HoldRow, HoldsRepository } from '../storage/holds.repository.js';

/** Free seats beyond those that may be given away, so that there are some next to each other. */
const SEATS_TO_CHOOSE_FROM = 2_000;

/** Rows of all sections of a batch. */
interface LoadedRows {
  readonly tickets: readonly TicketOfSection[];
  readonly entries: readonly WaitlistEntry[];
  readonly holds: readonly HoldRow[];
  readonly nextExpiry: ReadonlyMap<string, Date | null>;
}

interface Seen extends LoadedRows {
  readonly windows: ReadonlyMap<string, readonly WaitlistWindow[]>;
  readonly seats: readonly SeatOfSection[];
}

/** Loads what the rules must know of the sections of a batch, exactly as `Known` says. */
@Injectable()
export class SectionStateLoader {
  /** Small in tests that play short stories. */
  readonly expiry: ExpiryLimit = EXPIRY_LIMIT;

  constructor(
    private readonly waitlist: WaitlistRepository,
    private readonly bookings: BookingsRepository,
    private readonly holds: HoldsRepository,
    private readonly seats: SeatsRepository,
    private readonly claims: PersonAllocationsLoader,
  ) {}

  async load(
    tx: Transaction,
    orders: readonly SectionBatch[],
    now: Date,
  ): Promise<LoadedSection[]> {
    const claims = await this.claims.load(tx, orders, now);
    const facts = await this.loadOffers(tx, await this.loadNamed(tx, orders, now));
    const windows = await this.loadWindows(tx, orders, facts, now);
    const seats = await this.loadSeats(tx, orders, facts, windows);
    const seen = { ...facts, windows, seats };
    return orders.map((order) => {
      return { ...knownOf(order, seen), allocations: claims(order.section.row.eventId) };
    });
  }

  /** What commands name, and what is over, as far as one batch ends it. */
  private async loadNamed(
    tx: Transaction,
    orders: readonly SectionBatch[],
    now: Date,
  ): Promise<LoadedRows> {
    const overdue = orders.filter((order) => isOverdue(order, now)).map(idOf);
    const voided = orders.filter(isVoided).map(idOf);
    const people = orders.map((order) => [idOf(order), peopleConcerned(order)] as const);
    const share = holdsPerSection(this.expiry, overdue.length);
    const [tickets, entries, named, late, some, coming] = await queryAll(tx, [
      this.bookings.bookedTickets(orders.flatMap(ticketsWanted)),
      this.waitlist.concerned(
        new Map(people.filter(([, ids]) => ids.length > 0)),
        orders.flatMap(entriesNamed),
      ),
      this.holds.named(orders.flatMap(holdsNamed)),
      this.holds.overdue(overdue, now, share + 1),
      this.holds.someHeld(voided, VOIDED_MAX, now),
      this.holds.nextExpiry(overdue, now),
    ]);
    const { ended, nextExpiry } = splitOverdue(late, share, this.expiry.places);
    return {
      tickets,
      entries,
      holds: once([...named, ...ended, ...some]),
      nextExpiry: new Map([...coming, ...nextExpiry]),
    };
  }

  /** Holds of the entries that are offered something, and entries of the holds that are offers. */
  private async loadOffers(tx: Transaction, facts: LoadedRows): Promise<LoadedRows> {
    const holdIds = facts.entries.flatMap((entry) => entry.holdId ?? []);
    const held = facts.holds.filter(({ status }) => status === 'HELD');
    const entryIds = held.flatMap((hold) => hold.waitlistEntryId ?? []);
    const [holds, entries] = await queryAll(tx, [
      this.holds.named(holdIds),
      this.waitlist.concerned(new Map(), entryIds),
    ]);
    return {
      ...facts,
      holds: once([...facts.holds, ...holds]),
      entries: once([...facts.entries, ...entries]),
    };
  }

  private async loadWindows(
    tx: Transaction,
    orders: readonly SectionBatch[],
    facts: LoadedRows,
    now: Date,
  ): Promise<ReadonlyMap<string, readonly WaitlistWindow[]>> {
    const inLine = orders
      .filter(({ section }) => section.row.waiting > 0)
      .map((order) => ({ order, reach: reachIn(order, facts, now) }));
    const skipping = inLine.filter(({ reach }) => reach.fits.includes('skip'));
    const [sizes] = await queryAll(tx, [
      this.waitlist.sizes(skipping.map(({ order }) => idOf(order))),
    ]);
    const wanted = inLine.map(({ order, reach }) => {
      const own = sizes.filter(({ sectionId }) => sectionId === idOf(order));
      const quantities = own.map(({ quantity }) => quantity);
      return { id: idOf(order), reach, wishes: windowQueries(idOf(order), reach, quantities) };
    });
    const [loaded] = await queryAll(tx, [
      this.waitlist.windows(wanted.flatMap(({ wishes }) => wishes)),
    ]);
    let next = 0;
    return new Map(
      wanted.map(({ id, reach, wishes }) => {
        const parts = loaded.slice(next, (next += wishes.length));
        return [id, windowsFrom(wishes, parts, reach)];
      }),
    );
  }

  private async loadSeats(
    tx: Transaction,
    orders: readonly SectionBatch[],
    { tickets, holds }: LoadedRows,
    windows: ReadonlyMap<string, readonly WaitlistWindow[]>,
  ): Promise<readonly SeatOfSection[]> {
    const seated = orders.filter(({ section }) => section.row.isSeated);
    if (seated.length === 0) return [];
    const demands = seated.flatMap((order) => {
      const line = (windows.get(idOf(order)) ?? []).flatMap(({ entries }) => entries);
      const demand = seatDemand(order.section.row, order.commands, line);
      return demand === 0 ? [] : [{ sectionId: idOf(order), count: demand + SEATS_TO_CHOOSE_FROM }];
    });
    const ids = [...seated.flatMap(seatsNamed), ...tickets.flatMap(({ seatId }) => seatId ?? [])];
    const held = holds.filter(({ status }) => status === 'HELD').map(({ id }) => id);
    const [named, free] = await queryAll(tx, [
      this.seats.named(ids, held),
      this.seats.free(demands),
    ]);
    return once([...named, ...free]);
  }
}

const idOf = ({ section }: SectionBatch): string => section.row.id;

const once = <Row extends { readonly id: string }>(rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
];

function reachIn(
  { section, commands: own }: SectionBatch,
  facts: LoadedRows,
  now: Date,
): WaitlistLoadPlan {
  const isHere = inSection(section.row.id);
  const held = facts.holds.filter((hold) => isHere(hold) && hold.status === 'HELD');
  const reach = planWaitlistLoad(section.row, own, {
    tickets: facts.tickets.filter(isHere).length,
    heldPlaces: held.reduce((sum, { quantity }) => sum + quantity, 0),
    isOverdue: held.some(({ expiresAt }) => expiresAt <= now),
  });
  if (!own.some(({ kind }) => kind === 'voidRemaining')) return reach;
  return { ...reach, fits: ['strict'], places: VOIDED_MAX };
}

function knownOf({ section }: SectionBatch, seen: Seen): Omit<LoadedSection, 'allocations'> {
  const { id } = section.row;
  const isHere = inSection(id);
  const seats = seen.seats.filter(isHere);
  const seatsOf = groupBy(seats, ({ holdId }) => holdId ?? '');
  const holds = seen.holds.filter(isHere).map((hold): Hold => {
    // As they are printed on tickets once the hold is confirmed: in the order of the house.
    const own = [...(seatsOf.get(hold.id) ?? [])].sort((a, b) => a.position - b.position);
    return { ...hold, seatIds: own.map((seat) => seat.id) };
  });
  const windows = seen.windows.get(id) ?? [];
  return {
    section,
    waitlist: new Waitlist(section, windows, seen.entries.filter(isHere)),
    bookings: new SectionBookings(seen.tickets.filter(isHere)),
    holds: new Holds(holds, seen.nextExpiry.get(id)),
    seats: new Seats(seats),
  };
}

const inSection =
  (sectionId: string) =>
  (row: { readonly sectionId: string }): boolean =>
    row.sectionId === sectionId;
