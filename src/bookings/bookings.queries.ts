import { Injectable } from '@nestjs/common';
import { DatabaseReader } from '../platform/database/index.js';
import type { BookingStatus } from './booking.entity.js';
import type { TicketStatus } from './ticket.entity.js';

/** Tickets returned for each booking of a list; a booking can have 10,000. */
const TICKETS_LISTED_MAX = 100;

const STATUSES: readonly BookingStatus[] = ['CONFIRMED', 'CANCELLED'];

const BOOKING = `booking.id, booking.event_id AS eventId, booking.section_id AS sectionId,
  booking.user_id AS userId, booking.quantity, booking.status,
  booking.waitlist_entry_id AS waitlistEntryId, booking.hold_id AS holdId,
  booking.created_at AS createdAt, booking.cancelled_at AS cancelledAt`;

export interface BookingRow {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly status: BookingStatus;
  readonly waitlistEntryId: string | null;
  readonly holdId: string | null;
  readonly createdAt: Date;
  readonly cancelledAt: Date | null;
}

/** A ticket, and its seat if it has one. */
export interface TicketRow {
  readonly id: string;
  readonly bookingId: string;
  readonly status: TicketStatus;
  readonly seatId: string | null;
  readonly row: string | null;
  readonly number: number | null;
}

/** Lists the bookings of an event (its sections), of a person, or both. */
export interface BookingFilter {
  readonly sectionIds: readonly string[] | undefined;
  readonly userId: string | undefined;
  readonly status: BookingStatus | undefined;
  /** Only those older than this one. */
  readonly before: string | undefined;
}

interface Part {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** Every list forces its index, whatever the optimizer's statistics say. */
@Injectable()
export class BookingsQueries {
  constructor(private readonly reads: DatabaseReader) {}

  async find(id: string): Promise<BookingRow | undefined> {
    const sql = `SELECT ${BOOKING} FROM bookings booking WHERE booking.id = ?`;
    const [row] = await this.reads.query<BookingRow>(sql, [id]);
    return row;
  }

  /** A booking and all its tickets, of one moment; undefined if it does not exist. */
  async findWhole(id: string): Promise<[BookingRow, readonly TicketRow[]] | undefined> {
    type Row = BookingRow & {
      readonly ticketId: string;
      readonly ticketStatus: TicketStatus;
      readonly seatId: string | null;
      readonly seatRow: string | null;
      readonly seatNumber: number | null;
    };
    const rows = await this.reads.query<Row>(
      `SELECT ${BOOKING}, ticket.id AS ticketId, ticket.status AS ticketStatus,
              ticket.seat_id AS seatId, seat.row_name AS seatRow, seat.seat_number AS seatNumber
         FROM bookings booking
         JOIN tickets ticket ON ticket.booking_id = booking.id
         LEFT JOIN seats seat ON seat.id = ticket.seat_id
        WHERE booking.id = ? ORDER BY ticket.status, ticket.id`,
      [id],
    );
    const [booking] = rows;
    if (booking === undefined) return undefined;
    const tickets = rows.map(({ ticketId, ticketStatus, seatId, seatRow, seatNumber }) => {
      const seat = { seatId, row: seatRow, number: seatNumber };
      return { id: ticketId, bookingId: id, status: ticketStatus, ...seat };
    });
    return [booking, tickets];
  }

  /** Bookings, newest first. */
  async list(
    filter: BookingFilter,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<readonly BookingRow[]> {
    const parts = partsOf(filter, offset + limit);
    if (parts.length === 0) return [];
    const union = parts.map(({ sql }) => `(${sql})`).join(' UNION ALL ');
    return this.reads.query<BookingRow>(
      `SELECT ${BOOKING}
         FROM (SELECT id FROM (${union}) part ORDER BY id DESC LIMIT ? OFFSET ?) chosen
         STRAIGHT_JOIN bookings booking FORCE INDEX (PRIMARY) ON booking.id = chosen.id
        ORDER BY booking.id DESC`,
      [...parts.flatMap(({ parameters }) => parameters), limit, offset],
    );
  }

  /** The first tickets of each booking, BOOKED ones first, by id. */
  async ticketsOf(bookingIds: readonly string[]): Promise<readonly TicketRow[]> {
    if (bookingIds.length === 0) return [];
    const one = `(SELECT id, booking_id AS bookingId, status, seat_id AS seatId
       FROM tickets FORCE INDEX (ix_tickets_booking)
      WHERE booking_id = ? ORDER BY status, id LIMIT ${TICKETS_LISTED_MAX})`;
    return this.reads.query<TicketRow>(
      `SELECT ticket.*, seat.row_name AS \`row\`, seat.seat_number AS number
         FROM (${bookingIds.map(() => one).join(' UNION ALL ')}) ticket
         LEFT JOIN seats seat ON seat.id = ticket.seatId
        ORDER BY ticket.status, ticket.id`,
      bookingIds,
    );
  }
}

/** SELECTs that each read an index newest first, so that none reads more rows than it returns. */
function partsOf(filter: BookingFilter, limit: number): Part[] {
  const { sectionIds, userId, status, before } = filter;
  const person = userId === undefined ? {} : { user_id: userId };
  const part = (index: string, equal: Readonly<Record<string, string>>): Part => {
    const conditions = Object.keys(equal).map((column) => `${column} = ?`);
    if (before !== undefined) conditions.push('id < ?');
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    return {
      sql: `SELECT id FROM bookings FORCE INDEX (${index}) ${where} ORDER BY id DESC LIMIT ?`,
      parameters: [...Object.values(equal), ...(before === undefined ? [] : [before]), limit],
    };
  };
  if (sectionIds === undefined) {
    if (userId === undefined) throw new Error('Bookings are listed by event or by person');
    // Needs a sort, but only of this person's bookings.
    return [part('ix_bookings_person', { ...person, ...(status !== undefined && { status }) })];
  }
  const index = userId === undefined ? 'ix_bookings_section' : 'ix_bookings_person';
  const statuses = status === undefined ? STATUSES : [status];
  return sectionIds.flatMap((section_id) =>
    statuses.map((one) => part(index, { ...person, section_id, status: one })),
  );
}
