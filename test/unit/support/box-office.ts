import { decide } from '../../../src/allocation/core/decide.js';
import type {
  BookingTarget,
  CancelTarget,
  Command,
  OnSoldOut,
} from '../../../src/allocation/core/commands.js';
import { PersonAllocations } from '../../../src/allocation/core/state/person-allocations.js';
import type { SectionState } from '../../../src/allocation/core/section-state.js';
import { expireOverdue } from '../../../src/allocation/core/rules/expire.js';
import type { Price } from '../../../src/allocation/core/state/price.js';
import { Holds } from '../../../src/allocation/core/state/holds.js';
import { SectionBookings } from '../../../src/allocation/core/state/section-bookings.js';
import type { Outcome } from '../../../src/allocation/core/outcomes.js';
import {
  LockedSection,
  type SectionRow,
} from '../../../src/allocation/core/state/locked-section.js';
import type { SectionRules } from '../../../src/allocation/core/state/section-rules.js';
import { Seats } from '../../../src/allocation/core/state/seats.js';
import { Waitlist } from '../../../src/allocation/core/waitlist/waitlist.js';
import { placesOfPerson } from './load-batch.js';
import { type SeatRow, Tables } from './tables.js';

export const RULES: SectionRules = {
  maxPerBooking: null,
  maxPerPerson: null,
  waitlistEnabled: true,
  waitlistMax: null,
  fit: 'strict',
  mode: 'auto',
  offerTtlSeconds: 60,
};

export const sectionWith = (part: Partial<SectionRow> = {}): SectionRow => ({
  id: 'stalls',
  eventId: 'concert',
  firstSectionId: null,
  sales: 'OPEN',
  isSeated: false,
  rules: RULES,
  price: null,
  capacity: 10,
  booked: 0,
  held: 0,
  available: part.capacity ?? 10,
  bookings: 0,
  waiting: 0,
  lastSeq: 0,
  version: 0,
  holdsExpireAt: null,
  ...part,
});

const NEWEST: CancelTarget = { by: 'newest', quantity: 1 };
const BEGINNING = new Date('2026-01-01T00:00:00Z');
const PEOPLE = ['Ann', 'Bob', 'Cyd', 'Dee', 'Eve'];

type OutcomeOf<Kind extends Outcome['kind']> = Extract<Outcome, { kind: Kind }>;

interface SectionSetup extends Partial<Omit<SectionRow, 'rules'>> {
  readonly rules?: Partial<SectionRules>;
  /** Seats of each row, e.g. `{ A: 3, B: 2 }`. */
  readonly rows?: Readonly<Record<string, number>>;
}

/** One section and its customers, for examples that read like sentences. */
export class BoxOffice {
  state: SectionState;
  private readonly tables = new Tables();
  private clock = BEGINNING;
  private idsMade = 0;

  constructor({ rules, rows, ...part }: SectionSetup = {}) {
    const seats = rows === undefined ? [] : seatsIn(rows);
    const ofSeats = rows && { isSeated: true, capacity: seats.length, available: seats.length };
    const section = sectionWith({ ...part, ...ofSeats, rules: { ...RULES, ...rules } });
    this.tables.sections.insert(section);
    for (const seat of seats) this.tables.seats.insert(seat);
    this.state = this.open();
  }

  /** Commits the batch and starts another one some seconds later. */
  later(seconds: number): void {
    this.tables.commit(this.state);
    this.clock = new Date(this.clock.getTime() + seconds * 1000);
    this.state = this.open();
    expireOverdue(this.state);
  }

  /** Commits the batch; then the organiser edits the price. */
  reprice(price: Price | null): void {
    this.tables.commit(this.state);
    this.tables.sections.update(this.now.id, { price });
    this.state = this.open();
  }

  /** Everything that a refusal must leave unchanged. */
  get snapshot(): unknown {
    const { section, bookings, waitlist, holds, seats, messages } = this.state;
    const changes = [bookings.changes(), waitlist.changes(), holds.changes(), seats.changes()];
    return structuredClone([section.row, changes, messages]);
  }

  get now(): SectionRow {
    return this.state.section.row;
  }

  get messageTypes(): string[] {
    return this.state.messages.map((message) => message.type);
  }

  /** How many BOOKED tickets a person has. */
  ticketsOf(userId: string): number {
    return this.state.bookings.ticketsOf(userId).length;
  }

  seatsOf(userId: string): (string | null)[] {
    const newestFirst = this.state.bookings.ticketsOf(userId);
    return newestFirst.map(({ seatId }) => seatId).reverse();
  }

  /** The person's WAITING or OFFERED entry. */
  entryOf(userId: string) {
    const entry = this.state.waitlist.openEntryOf(userId);
    if (entry === undefined) throw new Error(`${userId} is not on the waitlist`);
    return entry;
  }

  isOnWaitlist(userId: string): boolean {
    return this.state.waitlist.openEntryOf(userId) !== undefined;
  }

  book(userId: string, quantity = 1, onSoldOut: OnSoldOut = 'wait'): Outcome {
    return this.do({ kind: 'book', userId, quantity, onSoldOut });
  }

  /** Books free places. */
  booked(userId: string, quantity = 1): OutcomeOf<'booked'> {
    const outcome = this.book(userId, quantity);
    if (outcome.kind !== 'booked') throw new Error(`${userId} got the outcome ${outcome.kind}`);
    return outcome;
  }

  bookSeats(userId: string, seatIds: readonly string[]): Outcome {
    const quantity = seatIds.length;
    return this.do({ kind: 'book', userId, quantity, seatIds, onSoldOut: 'wait' });
  }

  hold(userId: string, quantity = 1, ttlSeconds = 60): Outcome {
    return this.do({ kind: 'hold', userId, quantity, ttlSeconds });
  }

  /** Holds free places. Returns the id of the hold. */
  held(userId: string, quantity = 1, ttlSeconds = 60): string {
    const outcome = this.hold(userId, quantity, ttlSeconds);
    if (outcome.kind !== 'held') throw new Error(`${userId} got the outcome ${outcome.kind}`);
    return outcome.hold.id;
  }

  cancel(userId: string, target: CancelTarget = NEWEST): Outcome {
    return this.do({ kind: 'cancel', userId, target });
  }

  cancelBooking(bookingId: string, target: BookingTarget = { by: 'all' }): Outcome {
    return this.do({ kind: 'cancelBooking', bookingId, target });
  }

  endHold(kind: 'confirm' | 'release', holdId: string): Outcome {
    return this.do({ kind, holdId });
  }

  endEntry(kind: 'leave' | 'accept' | 'decline', entryId: string): Outcome {
    return this.do({ kind, entryId });
  }

  resize(capacity: number): Outcome {
    return this.do({ kind: 'resize', capacity });
  }

  configure(rules: Partial<SectionRules>): Outcome {
    return this.do({ kind: 'configure', rules });
  }

  /** Decides a command for the section. */
  do(command: Sectionless<Command>): Outcome {
    return decide(this.state, { ...command, sectionId: this.now.id });
  }

  /** Loads everything: how little a batch needs is tested elsewhere. */
  private open(): SectionState {
    const { tables } = this;
    const [row] = tables.sections.all;
    const section = new LockedSection(row!);
    const tickets = tables.tickets.all.filter(({ status }) => status === 'BOOKED');
    const loadedTickets = tickets.map(({ id, bookingId, userId, seatId }) => {
      const { quantity: bookingQuantity, price } = tables.bookings.get(bookingId);
      return { id, bookingId, userId, seatId, bookingQuantity, price };
    });
    const times = tables.holds.all.flatMap(({ status, expiresAt }) =>
      status === 'HELD' && expiresAt > this.clock ? expiresAt.getTime() : [],
    );
    const next = times.length === 0 ? null : new Date(Math.min(...times));
    const allocations = PEOPLE.map((userId) => {
      return [userId, placesOfPerson(tables, row!.eventId, userId, this.clock)] as const;
    });
    const newId = () => `id-${String((this.idsMade += 1)).padStart(6, '0')}`;
    return {
      section,
      waitlist: new Waitlist(section, [], tables.entries.all),
      bookings: new SectionBookings(loadedTickets),
      holds: new Holds(tables.holds.all, next),
      seats: new Seats(tables.seats.all),
      allocations: new PersonAllocations(allocations),
      messages: [],
      context: { now: this.clock, newId },
    };
  }
}

type Sectionless<Type> = Type extends unknown ? Omit<Type, 'sectionId'> : never;

function seatsIn(rows: Readonly<Record<string, number>>): SeatRow[] {
  return Object.entries(rows).flatMap(([row, length], index) =>
    Array.from({ length }, (_, nth): SeatRow => {
      const position = index * 100 + nth;
      const id = `${row}${nth + 1}`;
      const status = 'AVAILABLE';
      return { id, sectionId: 'stalls', row, number: nth + 1, position, status, holdId: null };
    }),
  );
}
