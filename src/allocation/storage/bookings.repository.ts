import { Injectable } from '@nestjs/common';
import {
  constantQuery,
  type Change,
  deleteRows,
  insertRows,
  type Query,
  defineQuery,
  setOnRows,
  updateRowsById,
} from '../../platform/database/index.js';
import { groupBy } from '../../platform/common/index.js';
import {
  PRICE_COLUMNS,
  priceValues,
  selectPrice,
  type StoredPrice,
  withPrice,
} from './price-columns.js';
import type { TicketQuery } from '../core/loading/load-requirements.js';
import type { LoadedTicket, BookingChanges } from '../core/state/section-bookings.js';

export type TicketOfSection = LoadedTicket & { readonly sectionId: string };

type StoredTicket = Omit<TicketOfSection, 'price'> & StoredPrice;

/** The changes that a batch has to write in one section. */
export type BookingChangesOfSection = BookingChanges & { readonly isSeated: boolean };

const BOOKING_COLUMNS = [
  'id',
  'event_id',
  'section_id',
  'user_id',
  'quantity',
  'status',
  ...PRICE_COLUMNS,
  'waitlist_entry_id',
  'hold_id',
  'created_at',
  'cancelled_at',
];
const TICKET_COLUMNS = ['id', 'event_id', 'booking_id', 'seat_id', 'status', 'cancelled_at'];

/** SQL on bookings and tickets, under the locks of their sections. */
@Injectable()
export class BookingsRepository {
  /** BOOKED tickets, each once. */
  bookedTickets(queries: readonly TicketQuery[]): Query<readonly TicketOfSection[]> {
    if (queries.length === 0) return constantQuery([]);
    const parts = selectTickets(queries);
    return defineQuery(
      parts.map((part) => part.sql).join(' UNION ALL '),
      parts.flatMap((part) => part.parameters),
      (rows: readonly StoredTicket[]) => {
        return [...new Map(rows.map((row) => [row.id, withPrice(row)])).values()];
      },
    );
  }

  save(changes: readonly BookingChangesOfSection[], now: Date): Change[] {
    const cancelled = changes.flatMap((section) => section.cancelledTicketIds);
    const ended = changes.flatMap((section) => section.endedBookingIds);
    const reduced = changes.flatMap((section) => section.reducedBookings);
    const cancel = "status = 'CANCELLED', cancelled_at = ?";
    const reductions = reduced.map(({ id, quantity }) => ({ id, values: [quantity] }));
    return [
      ...insertNew(changes, now),
      ...setOnRows('tickets', cancel, [now], cancelled),
      ...setOnRows('bookings', `${cancel}, quantity = 0`, [now], ended),
      ...updateRowsById('bookings', ['quantity'], reductions),
      ...saveBookedSeats(changes.filter(({ isSeated }) => isSeated)),
    ];
  }
}

function insertNew(changes: readonly BookingChanges[], now: Date): Change[] {
  const bookings = changes.flatMap((section) => section.newBookings);
  const bookingRows = bookings.map((booking) => [
    booking.id,
    booking.eventId,
    booking.sectionId,
    booking.userId,
    booking.quantity,
    booking.quantity > 0 ? 'CONFIRMED' : 'CANCELLED',
    ...priceValues(booking.price),
    booking.waitlistEntryId,
    booking.holdId,
    booking.createdAt,
    booking.quantity > 0 ? null : now,
  ]);
  const tickets = changes.flatMap((section) => section.newTickets);
  const ticketRows = tickets.map((ticket) => [
    ticket.id,
    ticket.eventId,
    ticket.bookingId,
    ticket.seatId,
    ticket.cancelled ? 'CANCELLED' : 'BOOKED',
    ticket.cancelled ? now : null,
  ]);
  return [
    ...insertRows('bookings', BOOKING_COLUMNS, bookingRows),
    ...insertRows('tickets', TICKET_COLUMNS, ticketRows),
  ];
}

/** Deletes first: a seat that comes free may be sold again in the same batch. */
function saveBookedSeats(changes: readonly BookingChanges[]): Change[] {
  const released = changes.flatMap((section) => section.cancelledTicketIds);
  const sold = changes
    .flatMap(({ newTickets }) => newTickets)
    .filter(({ cancelled }) => !cancelled)
    .map(({ id, eventId, seatId }) => [seatId, eventId, id]);
  return [
    ...deleteRows('booked_seats', 'ticket_id', released),
    ...insertRows('booked_seats', ['id', 'event_id', 'ticket_id'], sold),
  ];
}

const SELECT_TICKETS = `
  SELECT ticket.id, ticket.booking_id AS bookingId, ticket.seat_id AS seatId,
         booking.user_id AS userId, booking.section_id AS sectionId,
         booking.quantity AS bookingQuantity, ${selectPrice('booking')}`;

/**
 * The indexes and the join order are forced: while a table is filled within seconds, the statistics
 * still say that it is cheaper to read all of it.
 */
const TO_TICKETS = `
    STRAIGHT_JOIN tickets ticket FORCE INDEX (ix_tickets_booking)
      ON ticket.booking_id = booking.id AND ticket.status = 'BOOKED'`;
const TO_BOOKINGS = `
    STRAIGHT_JOIN bookings booking FORCE INDEX (PRIMARY) ON booking.id = ticket.booking_id`;
const OF_SECTION = "WHERE booking.section_id = ? AND booking.status = 'CONFIRMED'";

const fromBookings = (index: string): string =>
  `FROM bookings booking FORCE INDEX (${index}) ${TO_TICKETS} ${OF_SECTION}`;

/** How to find tickets by ids. */
const NAMED = {
  bookings: `${fromBookings('PRIMARY')} AND booking.id IN (?)`,
  tickets: `FROM tickets ticket FORCE INDEX (PRIMARY) ${TO_BOOKINGS} ${OF_SECTION}
    AND ticket.status = 'BOOKED' AND ticket.id IN (?)`,
  seats: `FROM booked_seats sold FORCE INDEX (PRIMARY)
    STRAIGHT_JOIN tickets ticket FORCE INDEX (PRIMARY) ON ticket.id = sold.ticket_id ${TO_BOOKINGS}
    ${OF_SECTION} AND ticket.status = 'BOOKED' AND sold.id IN (?)`,
} as const;

/** Some bookings, up to a number of them and of their tickets; at least one, whatever its size. */
const SOME_BOOKINGS = `(SELECT * FROM
    (SELECT limited.*, SUM(quantity) OVER (ORDER BY id) - quantity AS tickets_before
       FROM (SELECT * FROM bookings FORCE INDEX (ix_bookings_section)
              WHERE section_id = ? AND status = 'CONFIRMED' ORDER BY id LIMIT ?) limited) counted
    WHERE tickets_before < ?)`;

interface Part {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** As few SELECTs as possible: one for each person would cost the server more than all the rows. */
function selectTickets(queries: readonly TicketQuery[]): Part[] {
  const groups = groupBy(queries, (query) => {
    return `${query.sectionId} ${query.by} ${query.by === 'newest' ? query.max : ''}`;
  });
  return [...groups.values()].map(selectGroup);
}

function selectGroup(group: readonly TicketQuery[]): Part {
  const first = group[0]!;
  const { sectionId } = first;
  if (first.by === 'newest') return selectNewest(sectionId, first.max, group);
  if (first.by === 'any') {
    const sql = `(${SELECT_TICKETS} FROM ${SOME_BOOKINGS} booking ${TO_TICKETS} ${OF_SECTION})`;
    return { sql, parameters: [sectionId, first.bookingsMax, first.ticketsMax, sectionId] };
  }
  const ids = group.flatMap((query) => ('ids' in query ? query.ids : []));
  return { sql: `(${SELECT_TICKETS} ${NAMED[first.by]})`, parameters: [sectionId, ids] };
}

function selectNewest(sectionId: string, max: number, group: readonly TicketQuery[]): Part {
  const people = group.flatMap((query) => (query.by === 'newest' ? query.userId : []));
  const nth = 'ROW_NUMBER() OVER (PARTITION BY booking.user_id ORDER BY ticket.id DESC) AS nth';
  const from = fromBookings('ix_bookings_person');
  return {
    sql: `(SELECT id, bookingId, seatId, userId, sectionId, bookingQuantity, priceAmount, priceCurrency
             FROM (${SELECT_TICKETS}, ${nth} ${from} AND booking.user_id IN (?)) ranked
            WHERE nth <= ?)`,
    parameters: [sectionId, people, max],
  };
}
