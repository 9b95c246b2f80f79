import { Injectable } from '@nestjs/common';
import { type Price, selectPrice, type StoredPrice, withPrice } from '../allocation/index.js';
import { BulkReader, DatabaseReader } from '../platform/database/index.js';
import type { BookingStatus } from './booking.entity.js';
import { newestOf, type Stretch } from './newest.js';
import type { TicketStatus } from './ticket.entity.js';

/** Tickets returned for each booking of a list; a booking can have 10,000. */
const TICKETS_LISTED_MAX = 100;

const STATUSES: readonly BookingStatus[] = ['CONFIRMED', 'CANCELLED'];

const BOOKING = `booking.id, booking.event_id AS eventId, booking.section_id AS sectionId,
  booking.user_id AS userId, booking.quantity, booking.status,
  booking.waitlist_entry_id AS waitlistEntryId, booking.hold_id AS holdId,
  booking.created_at AS createdAt, booking.cancelled_at AS cancelledAt, ${selectPrice('booking')}`;

export interface BookingRow {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly status: BookingStatus;
  readonly price: Price | null;
  readonly waitlistEntryId: string | null;
  readonly holdId: string | null;
  readonly createdAt: Date;
  readonly cancelledAt: Date | null;
}

type StoredBooking = Omit<BookingRow, 'price'> & StoredPrice;

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

/** Every list forces its index, whatever the optimizer's statistics say. */
@Injectable()
export class BookingsQueries {
  constructor(
    private readonly reads: DatabaseReader,
    private readonly bulk: BulkReader,
  ) {}

  async find(id: string): Promise<BookingRow | undefined> {
    const sql = `SELECT ${BOOKING} FROM bookings booking WHERE booking.id = ?`;
    const [row] = await this.reads.query<StoredBooking>(sql, [id]);
    return row && withPrice(row);
  }

  /** A booking and all its tickets, of one moment; undefined if it does not exist. */
  async findWhole(id: string): Promise<[BookingRow, readonly TicketRow[]] | undefined> {
    type Row = StoredBooking & {
      readonly ticketId: string;
      readonly ticketStatus: TicketStatus;
      readonly seatId: string | null;
      readonly seatRow: string | null;
      readonly seatNumber: number | null;
    };
    const rows = await this.bulk.query<Row>(
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
    return [withPrice(booking), tickets];
  }

  /** Bookings, newest first. All reads are of one moment, so a cancellation meanwhile hides no booking. */
  list(
    filter: BookingFilter,
    { limit, offset }: { readonly limit: number; readonly offset: number },
  ): Promise<readonly BookingRow[]> {
    return this.bulk.inSnapshot(async (query) => {
      const range = { count: offset + limit, before: filter.before };
      const newest = await newestOf(partsOf(filter), range, async (stretches) => {
        const selects = stretches.map(selectStretch);
        const union = selects.map(({ sql }) => `(${sql})`).join(' UNION ALL ');
        const parameters = selects.flatMap((select) => select.parameters);
        return idsOf(stretches.length, await query<IdRow>(union, parameters));
      });
      const ids = newest.slice(offset);
      if (ids.length === 0) return [];
      const rows = await query<StoredBooking>(
        `SELECT ${BOOKING} FROM bookings booking FORCE INDEX (PRIMARY)
          WHERE booking.id IN (?) ORDER BY booking.id DESC`,
        [ids],
      );
      return rows.map(withPrice);
    });
  }

  /** The first tickets of each booking, BOOKED ones first, by id. */
  async ticketsOf(bookingIds: readonly string[]): Promise<readonly TicketRow[]> {
    if (bookingIds.length === 0) return [];
    const one = `(SELECT id, booking_id AS bookingId, status, seat_id AS seatId
       FROM tickets FORCE INDEX (ix_tickets_booking)
      WHERE booking_id = ? ORDER BY status, id LIMIT ${TICKETS_LISTED_MAX})`;
    return this.bulk.query<TicketRow>(
      `SELECT ticket.*, seat.row_name AS \`row\`, seat.seat_number AS number
         FROM (${bookingIds.map(() => one).join(' UNION ALL ')}) ticket
         LEFT JOIN seats seat ON seat.id = ticket.seatId
        ORDER BY ticket.status, ticket.id`,
      bookingIds,
    );
  }
}

interface IdRow {
  /** Of the stretch. */
  readonly nth: number;
  readonly id: string;
}

function idsOf(stretches: number, rows: readonly IdRow[]): readonly (readonly string[])[] {
  const ids = Array.from({ length: stretches }, (): string[] => []);
  for (const { nth, id } of rows) ids[nth]!.push(id);
  return ids.map((some) => some.toSorted().reverse());
}

/** Bookings that an index contains newest first. */
interface Part {
  readonly index: string;
  readonly equal: Readonly<Record<string, string>>;
}

function partsOf({ sectionIds, userId, status }: BookingFilter): Part[] {
  const person = userId === undefined ? {} : { user_id: userId };
  if (sectionIds === undefined) {
    if (userId === undefined) throw new Error('Bookings are listed by event or by person');
    // Needs a sort, but only of this person's bookings.
    const equal = { ...person, ...(status !== undefined && { status }) };
    return [{ index: 'ix_bookings_person', equal }];
  }
  const index = userId === undefined ? 'ix_bookings_section' : 'ix_bookings_person';
  const statuses = status === undefined ? STATUSES : [status];
  return sectionIds.flatMap((section_id) =>
    statuses.map((one): Part => ({ index, equal: { ...person, section_id, status: one } })),
  );
}

function selectStretch(
  { part: { index, equal }, before, limit }: Stretch<Part>,
  nth: number,
): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const conditions = Object.keys(equal).map((column) => `${column} = ?`);
  if (before !== undefined) conditions.push('id < ?');
  return {
    sql: `SELECT ${nth} AS nth, id FROM bookings FORCE INDEX (${index})
       WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`,
    parameters: [...Object.values(equal), ...(before === undefined ? [] : [before]), limit],
  };
}
