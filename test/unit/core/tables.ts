import { isDeepStrictEqual } from 'node:util';
import type {
  BookingsRepository,
  TicketOfSection,
  TicketsWanted,
} from '../../../src/bookings/bookings.repository.js';
import type { Desk, Message } from '../../../src/bookings/core/desk.js';
import type { Booking, LedgerChanges } from '../../../src/bookings/core/ledger.js';
import { LockedSection, type SectionRow } from '../../../src/inventory/core/locked-section.js';
import type { SectionsRepository } from '../../../src/inventory/index.js';
import { answered } from '../../../src/platform/index.js';
import type { UsersRepository } from '../../../src/users/index.js';
import type { EntryEnd, LineChanges, WaitingEntry } from '../../../src/waitlist/core/line.js';
import type { WaitlistRepository } from '../../../src/waitlist/index.js';

export interface TicketRow {
  readonly id: string;
  readonly bookingId: string;
  readonly status: 'BOOKED' | 'CANCELLED';
}

export type EntryRow = WaitingEntry & { readonly status: 'WAITING' | EntryEnd };

/** Rows by id, in order of insertion, with the manners of a database. */
class Table<Row extends { readonly id: string }> {
  private readonly rows = new Map<string, Row>();

  get all(): readonly Row[] {
    return [...this.rows.values()];
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

  /** Stricter than a database: writing what stands there already is a mistake, if a harmless one. */
  update(id: string, change: Partial<Row>): void {
    const row = this.get(id);
    const next = { ...row, ...change };
    if (isDeepStrictEqual(row, next)) throw new Error(`Row ${id} was written twice`);
    this.rows.set(id, next);
  }
}

/**
 * The database of these tests: takes what a batch leaves behind, and answers the queries of the load
 * step row by row as their SQL does, with the same limits.
 */
export class Tables {
  readonly sections = new Table<SectionRow>();
  readonly bookings = new Table<Booking>();
  readonly tickets = new Table<TicketRow>();
  readonly entries = new Table<EntryRow>();
  readonly outbox = new Table<Message>();
  /** How often a line was longer than the part of it that was loaded. */
  windowsCut = 0;

  ticketsOf(sectionId: string): (TicketRow & { readonly booking: Booking })[] {
    return this.tickets.all
      .map((ticket) => ({ ...ticket, booking: this.bookings.get(ticket.bookingId) }))
      .filter(({ booking }) => booking.sectionId === sectionId);
  }

  lineOf(sectionId: string): EntryRow[] {
    return this.entries.all
      .filter((entry) => entry.sectionId === sectionId && entry.status === 'WAITING')
      .sort((a, b) => a.seq - b.seq);
  }

  commit(desk: Desk): void {
    const { now, isChanged } = desk.section;
    if (isChanged) this.sections.update(now.id, now);
    this.saveLedger(desk.ledger.changes());
    this.saveLine(desk.line.changes());
    for (const message of desk.messages) this.outbox.insert(message);
  }

  private saveLedger(changes: LedgerChanges): void {
    for (const booking of changes.madeBookings) this.bookings.insert(booking);
    for (const { id, bookingId, cancelled } of changes.madeTickets) {
      this.tickets.insert({ id, bookingId, status: cancelled ? 'CANCELLED' : 'BOOKED' });
    }
    for (const id of changes.cancelledTicketIds) this.tickets.update(id, { status: 'CANCELLED' });
    for (const { id, quantity } of changes.reducedBookings) this.bookings.update(id, { quantity });
    for (const id of changes.endedBookingIds) this.bookings.update(id, { quantity: 0 });
  }

  private saveLine(changes: LineChanges): void {
    for (const { ended, ...entry } of changes.joined) {
      this.entries.insert({ ...entry, status: ended ?? 'WAITING' });
    }
    for (const status of ['PROMOTED', 'LEFT'] as const) {
      for (const id of changes.ended[status]) this.entries.update(id, { status });
    }
  }

  readonly sectionsRepository: Pick<SectionsRepository, 'lock'> = {
    lock: (ids) => {
      const rows = this.sections.all.filter((row) => ids.includes(row.id));
      return answered(new Map(rows.map((row) => [row.id, new LockedSection(row)])));
    },
  };

  readonly usersRepository: Pick<UsersRepository, 'findOrName'> = {
    findOrName: (identifiers) => {
      const users = identifiers.map((id) => ({ id, identifier: id, isNew: false }));
      return answered(new Map(users.map((user) => [user.identifier, user])));
    },
  };

  readonly waitlistRepository: Pick<WaitlistRepository, 'heads' | 'ofPeople'> = {
    heads: (wanted) => {
      const lines = wanted.map(({ sectionId, count }) => {
        const line = this.lineOf(sectionId);
        if (line.length > count) this.windowsCut += 1;
        return line.slice(0, count);
      });
      return answered(lines.flat());
    },
    ofPeople: (peopleBySection) => {
      const found = [...peopleBySection].flatMap(([sectionId, people]) =>
        this.lineOf(sectionId).filter((entry) => people.includes(entry.userId)),
      );
      return answered(found);
    },
  };

  readonly bookingsRepository: Pick<BookingsRepository, 'heldTickets'> = {
    heldTickets: (wanted) => {
      const rows = wanted.flatMap((one) => this.selectTickets(one));
      return answered([...new Map(rows.map((row) => [row.id, row])).values()]);
    },
  };

  private selectTickets({ sectionId, userId, target, newestMax }: TicketsWanted) {
    const held = this.ticketsOf(sectionId)
      .filter(({ status, booking }) => status === 'BOOKED' && booking.userId === userId)
      .map(({ id, bookingId, booking }): TicketOfSection => {
        return { id, bookingId, userId, sectionId, bookingQuantity: booking.quantity };
      });
    switch (target.by) {
      case 'newest':
        return held.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, newestMax);
      case 'tickets':
        return held.filter(({ id }) => target.ticketIds.includes(id));
      case 'booking':
        return held.filter(({ bookingId }) => bookingId === target.bookingId);
    }
  }
}
