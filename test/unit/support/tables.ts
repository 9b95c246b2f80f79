import type { SectionState } from '../../../src/allocation/core/section-state.js';
import type { Hold, HoldChanges } from '../../../src/allocation/core/state/holds.js';
import type {
  Booking,
  BookingChanges,
} from '../../../src/allocation/core/state/section-bookings.js';
import type { SectionRow } from '../../../src/allocation/core/state/locked-section.js';
import type { Seat } from '../../../src/allocation/core/state/seats.js';
import type { WaitlistEntry } from '../../../src/allocation/core/waitlist/waitlist-entry.js';
import type { WaitlistChanges } from '../../../src/allocation/core/waitlist/waitlist.js';

export interface TicketRow {
  readonly id: string;
  readonly bookingId: string;
  readonly seatId: string | null;
  readonly status: 'BOOKED' | 'CANCELLED';
}

export type SeatRow = Seat & { readonly sectionId: string; readonly holdId: string | null };

/** Rows by id, in order of insertion; as strict as a database. */
export class Table<Row extends { readonly id: string }> {
  private readonly rows = new Map<string, Row>();

  get all(): Row[] {
    return [...this.rows.values()];
  }

  of(sectionId: string): Row[] {
    return this.all.filter((row) => (row as { sectionId?: string }).sectionId === sectionId);
  }

  find(id: string): Row | undefined {
    return this.rows.get(id);
  }

  get(id: string): Row {
    const row = this.rows.get(id);
    if (row === undefined) throw new Error(`There is no row ${id}`);
    return row;
  }

  insert(row: Row): void {
    if (this.rows.has(row.id)) throw new Error(`Duplicate entry ${row.id}`);
    this.rows.set(row.id, row);
  }

  /** Stricter than a database: a write that changes nothing is an error. */
  update(id: string, change: Partial<Row>): void {
    const row = this.get(id);
    const next = { ...row, ...change };
    const isSame = (Object.keys(change) as (keyof Row)[]).every((key) => row[key] === next[key]);
    if (isSame) throw new Error(`Row ${id} was written without a change`);
    this.rows.set(id, next);
  }
}

/** The database of these tests: stores what a batch has changed. */
export class Tables {
  readonly sections = new Table<SectionRow>();
  readonly seats = new Table<SeatRow>();
  readonly bookings = new Table<Booking>();
  readonly tickets = new Table<
    TicketRow & { readonly sectionId: string; readonly userId: string }
  >();
  readonly holds = new Table<Hold>();
  readonly entries = new Table<WaitlistEntry>();

  /** The WAITING entries, by seq. */
  waitlistOf(sectionId: string): WaitlistEntry[] {
    const waiting = this.entries.of(sectionId).filter(({ status }) => status === 'WAITING');
    return waiting.sort((a, b) => a.seq - b.seq);
  }

  commit({ section, bookings, waitlist, holds, seats }: SectionState): void {
    const { row, isChanged } = section;
    if (isChanged) this.sections.update(row.id, row);
    this.saveBookings(row.id, bookings.changes());
    this.saveHolds(holds.changes());
    this.saveWaitlist(waitlist.changes());
    for (const { id, ...change } of seats.changes()) this.seats.update(id, change);
  }

  private saveBookings(sectionId: string, changes: BookingChanges): void {
    for (const booking of changes.newBookings) this.bookings.insert(booking);
    for (const { id, bookingId, seatId, userId, cancelled } of changes.newTickets) {
      const status = cancelled ? 'CANCELLED' : 'BOOKED';
      this.tickets.insert({ id, bookingId, seatId, userId, sectionId, status });
    }
    for (const id of changes.cancelledTicketIds) this.tickets.update(id, { status: 'CANCELLED' });
    for (const { id, quantity } of changes.reducedBookings) this.bookings.update(id, { quantity });
    for (const id of changes.endedBookingIds) this.bookings.update(id, { quantity: 0 });
  }

  private saveHolds(changes: HoldChanges): void {
    for (const hold of changes.added) this.holds.insert(hold);
    for (const [status, ids] of entriesOf(changes.ended)) {
      for (const id of ids) this.holds.update(id, { status });
    }
  }

  private saveWaitlist(changes: WaitlistChanges): void {
    for (const { id, holdId } of changes.offered) {
      this.entries.update(id, { status: 'OFFERED', holdId });
    }
    for (const [status, ids] of entriesOf(changes.ended)) {
      for (const id of ids) this.entries.update(id, { status, holdId: null });
    }
    for (const entry of changes.joined) this.entries.insert(entry);
  }
}

const entriesOf = <Key extends string, Value>(record: Readonly<Record<Key, Value>>) =>
  Object.entries(record) as [Key, Value][];
