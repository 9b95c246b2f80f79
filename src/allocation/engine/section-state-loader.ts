import { Injectable } from '@nestjs/common';
import { groupBy } from '../../platform/common/index.js';
import { queryAll, type Transaction } from '../../platform/database/index.js';
import {
  entriesNamed,
  holdsNamed,
  voidsRemaining,
  peopleConcerned,
  type SectionBatch,
  seatsNamed,
  ticketsNeeded,
  VOIDED_MAX,
} from '../core/loading/load-requirements.js';
import {
  EXPIRY_LIMIT,
  type ExpiryLimit,
  holdsPerSection,
  splitOverdue,
} from '../core/loading/overdue.js';
import {
  planWaitlistLoad,
  type WaitlistLoadPlan,
  windowQueries,
  windowsFrom,
} from '../core/loading/waitlist-load-plan.js';
import type { DecisionContext, SectionState } from '../core/section-state.js';
import { type Hold, Holds } from '../core/state/holds.js';
import { PersonAllocations } from '../core/state/person-allocations.js';
import { Seats } from '../core/state/seats.js';
import { SectionBookings } from '../core/state/section-bookings.js';
import type { WaitlistEntry } from '../core/waitlist/waitlist-entry.js';
import type { WaitlistWindow } from '../core/waitlist/waitlist-queue.js';
import { Waitlist } from '../core/waitlist/waitlist.js';
import { BookingsRepository, type TicketOfSection } from '../storage/bookings.repository.js';
import { type HoldRow, HoldsRepository } from '../storage/holds.repository.js';
import { PersonAllocationsRepository } from '../storage/person-allocations.repository.js';
import { type SeatOfSection, SeatsRepository } from '../storage/seats.repository.js';
import { WaitlistRepository } from '../storage/waitlist.repository.js';
import { FreeSeats } from './free-seats.js';
import { limitedIn } from './limited-people.js';

/** Rows of all sections of a batch. */
interface ConcernedRows {
  readonly tickets: readonly TicketOfSection[];
  readonly entries: readonly WaitlistEntry[];
  readonly holds: readonly HoldRow[];
  readonly nextExpiry: ReadonlyMap<string, Date | null>;
}

type Windows = ReadonlyMap<string, readonly WaitlistWindow[]>;

interface LoadedRows extends ConcernedRows {
  readonly allocations: ReadonlyMap<string, PersonAllocations>;
  readonly windows: Windows;
  readonly seats: readonly SeatOfSection[];
}

/**
 * The load step: reads what {@link SectionState} says the rules need, in a bounded number of round
 * trips. core/loading derives these needs from the commands.
 */
@Injectable()
export class SectionStateLoader {
  /** Tests lower it. */
  readonly expiryLimit: ExpiryLimit = EXPIRY_LIMIT;

  constructor(
    private readonly waitlist: WaitlistRepository,
    private readonly bookings: BookingsRepository,
    private readonly holds: HoldsRepository,
    private readonly seats: SeatsRepository,
    private readonly allocations: PersonAllocationsRepository,
  ) {}

  async load(
    tx: Transaction,
    batches: readonly SectionBatch[],
    context: DecisionContext,
  ): Promise<SectionState[]> {
    const { now } = context;
    const [allocations] = await queryAll(tx, [this.allocations.count(limitedIn(batches), now)]);
    const rows = await this.loadOffers(tx, await this.loadNamed(tx, batches, now));
    const windows = await this.loadWindows(tx, batches, rows, now);
    const seats = await this.loadSeats(tx, batches, rows, windows);
    const loaded = { ...rows, allocations, windows, seats };
    return batches.map(({ section }) => {
      return { section, ...partsOf(section, loaded), messages: [], context };
    });
  }

  /** Rows that commands name, and the overdue holds that this batch ends. */
  private async loadNamed(
    tx: Transaction,
    batches: readonly SectionBatch[],
    now: Date,
  ): Promise<ConcernedRows> {
    const overdue = batches.filter(({ section }) => section.mayHaveOverdueHolds(now)).map(idOf);
    const perSection = holdsPerSection(this.expiryLimit, overdue.length);
    const people = batches.map((batch) => [idOf(batch), peopleConcerned(batch)] as const);
    const [tickets, entries, named, overdueHolds, voidedHolds, nextExpiry] = await queryAll(tx, [
      this.bookings.bookedTickets(batches.flatMap(ticketsNeeded)),
      this.waitlist.concerned(
        new Map(people.filter(([, ids]) => ids.length > 0)),
        batches.flatMap(entriesNamed),
      ),
      this.holds.named(batches.flatMap(holdsNamed)),
      this.holds.overdue(overdue, now, perSection + 1),
      this.holds.someHeld(batches.filter(voidsRemaining).map(idOf), VOIDED_MAX, now),
      this.holds.nextExpiry(overdue, now),
    ]);
    const split = splitOverdue(overdueHolds, perSection, this.expiryLimit.places);
    return {
      tickets,
      entries,
      holds: uniqueById([...named, ...split.ended, ...voidedHolds]),
      nextExpiry: new Map([...nextExpiry, ...split.nextExpiry]),
    };
  }

  /** Holds of the entries that are OFFERED, and entries of the holds that are offers. */
  private async loadOffers(tx: Transaction, rows: ConcernedRows): Promise<ConcernedRows> {
    const holdIds = rows.entries.flatMap(({ holdId }) => holdId ?? []);
    const entryIds = rows.holds
      .filter(isHeld)
      .flatMap(({ waitlistEntryId }) => waitlistEntryId ?? []);
    const [holds, entries] = await queryAll(tx, [
      this.holds.named(holdIds),
      this.waitlist.concerned(new Map(), entryIds),
    ]);
    return {
      ...rows,
      holds: uniqueById([...rows.holds, ...holds]),
      entries: uniqueById([...rows.entries, ...entries]),
    };
  }

  private async loadWindows(
    tx: Transaction,
    batches: readonly SectionBatch[],
    rows: ConcernedRows,
    now: Date,
  ): Promise<Windows> {
    const plans = batches
      .filter(({ section }) => section.row.waiting > 0)
      .map((batch) => ({ sectionId: idOf(batch), plan: planFor(batch, rows, now) }));
    const skipping = plans.filter(({ plan }) => plan.fits.includes('skip'));
    const [sizes] = await queryAll(tx, [
      this.waitlist.sizes(skipping.map(({ sectionId }) => sectionId)),
    ]);
    const planned = plans.map(({ sectionId, plan }) => {
      const quantities = sizes.filter(isIn(sectionId)).map(({ quantity }) => quantity);
      return { sectionId, plan, queries: windowQueries(plan, quantities) };
    });
    const [loaded] = await queryAll(tx, [
      this.waitlist.windows(
        planned.flatMap(({ sectionId, queries }) =>
          queries.map((query) => ({ ...query, sectionId })),
        ),
      ),
    ]);
    let next = 0;
    return new Map(
      planned.map(({ sectionId, plan, queries }) => {
        const entries = loaded.slice(next, (next += queries.length));
        return [sectionId, windowsFrom(plan, queries, entries)];
      }),
    );
  }

  private async loadSeats(
    tx: Transaction,
    batches: readonly SectionBatch[],
    { tickets, holds }: ConcernedRows,
    windows: Windows,
  ): Promise<readonly SeatOfSection[]> {
    const seated = batches.filter(({ section }) => section.row.isSeated);
    if (seated.length === 0) return [];
    const ids = [...seated.flatMap(seatsNamed), ...tickets.flatMap(({ seatId }) => seatId ?? [])];
    const holdIds = holds.filter(isHeld).map(({ id }) => id);
    const searches = seated.map((batch) => new FreeSeats(batch, waitingIn(batch, windows)));
    const loaded: SeatOfSection[] = [];
    let wanted = searches.flatMap((search) => search.next());
    let [named, free] = await queryAll(tx, [
      this.seats.named(ids, holdIds),
      this.seats.free(wanted),
    ]);
    for (;;) {
      loaded.push(...free);
      for (const search of searches) search.add(free);
      wanted = searches.flatMap((search) => search.next());
      if (wanted.length === 0) return uniqueById([...named, ...loaded]);
      [free] = await queryAll(tx, [this.seats.free(wanted)]);
    }
  }
}

const waitingIn = (batch: SectionBatch, windows: Windows) =>
  (windows.get(idOf(batch)) ?? []).flatMap(({ entries }) => entries);

function planFor(batch: SectionBatch, rows: ConcernedRows, now: Date): WaitlistLoadPlan {
  const isHere = isIn(idOf(batch));
  const plan = planWaitlistLoad(batch, {
    ticketCount: rows.tickets.filter(isHere).length,
    held: rows.holds.filter((hold) => isHere(hold) && isHeld(hold)),
    now,
  });
  return voidsRemaining(batch) ? { ...plan, fits: ['strict'], places: VOIDED_MAX } : plan;
}

function partsOf(section: SectionBatch['section'], rows: LoadedRows) {
  const { id, eventId } = section.row;
  const isHere = isIn(id);
  const seats = rows.seats.filter(isHere);
  const seatsByHold = groupBy(seats, ({ holdId }) => holdId ?? '');
  const holds = rows.holds.filter(isHere).map((hold): Hold => {
    // By position: the order of the tickets once the hold is confirmed.
    const held = (seatsByHold.get(hold.id) ?? []).toSorted((a, b) => a.position - b.position);
    return { ...hold, seatIds: held.map((seat) => seat.id) };
  });
  return {
    waitlist: new Waitlist(section, rows.windows.get(id), rows.entries.filter(isHere)),
    bookings: new SectionBookings(rows.tickets.filter(isHere)),
    holds: new Holds(holds, rows.nextExpiry.get(id)),
    seats: new Seats(seats),
    allocations: rows.allocations.get(eventId) ?? new PersonAllocations(),
  };
}

const idOf = ({ section }: SectionBatch): string => section.row.id;

const isHeld = ({ status }: HoldRow): boolean => status === 'HELD';

const isIn =
  (sectionId: string) =>
  (row: { readonly sectionId: string }): boolean =>
    row.sectionId === sectionId;

const uniqueById = <Row extends { readonly id: string }>(rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
];
