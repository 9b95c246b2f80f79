import { Injectable } from '@nestjs/common';
import {
  type PeopleOfEvent,
  placesQuery,
  type PlacesOfPerson,
} from './person-allocations.repository.js';
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
import type { LoadedTicket, BookingChanges } from '../core/state/section-bookings.js';

/** Which tickets of a section a batch may cancel. */
export type TicketQuery = { readonly sectionId: string } & (
  | { readonly by: 'newest'; readonly userId: string; readonly max: number }
  | { readonly by: 'tickets' | 'bookings' | 'seats'; readonly ids: readonly string[] }
  /** Of some bookings, whichever they are. */
  | { readonly by: 'any'; readonly bookingsMax: number; readonly ticketsMax: number }
);

export type TicketOfSection = LoadedTicket & { readonly sectionId: string };

/** What a batch leaves behind in one section. */
export type BookingChangesOfSection = BookingChanges & { readonly isSeated: boolean };

const BOOKING_COLUMNS = [
  'id',
  'event_id',
  'section_id',
  'user_id',
  'quantity',
  'status',
  'waitlist_entry_id',
  'hold_id',
  'created_at',
  'cancelled_at',
];
const TICKET_COLUMNS = ['id', 'event_id', 'booking_id', 'seat_id', 'status', 'cancelled_at'];

/** SQL of bookings and tickets. All of it under the lock of the sections concerned. */
@Injectable()
export class BookingsRepository {
  /** The booked tickets that a batch may cancel, each once, in one query. */
  bookedTickets(wanted: readonly TicketQuery[]): Query<readonly TicketOfSection[]> {
    if (wanted.length === 0) return constantQuery([]);
    const parts = selectTickets(wanted);
    return defineQuery(
      parts.map((part) => part.sql).join(' UNION ALL '),
      parts.flatMap((part) => part.parameters),
      (rows: readonly TicketOfSection[]) => [...new Map(rows.map((row) => [row.id, row])).values()],
    );
  }

  /** Booked places. */
  placesOf(wanted: readonly PeopleOfEvent[]): Query<readonly PlacesOfPerson[]> {
    return placesQuery(wanted, {
      table: 'bookings',
      condition: "status = 'CONFIRMED'",
      parameters: [],
    });
  }

  save(ledgers: readonly BookingChangesOfSection[], now: Date): Change[] {
    const cancelled = ledgers.flatMap((ledger) => ledger.cancelledTicketIds);
    const ended = ledgers.flatMap((ledger) => ledger.endedBookingIds);
    const reduced = ledgers.flatMap((ledger) => ledger.reducedBookings);
    const cancel = "status = 'CANCELLED', cancelled_at = ?";
    const reductions = reduced.map(({ id, quantity }) => ({ id, values: [quantity] }));
    return [
      ...insertMade(ledgers, now),
      ...setOnRows('tickets', cancel, [now], cancelled),
      ...setOnRows('bookings', `${cancel}, quantity = 0`, [now], ended),
      ...updateRowsById('bookings', ['quantity'], reductions),
      ...saveSeats(ledgers.filter((ledger) => ledger.isSeated)),
    ];
  }
}

function insertMade(ledgers: readonly BookingChanges[], now: Date): Change[] {
  const bookings = ledgers.flatMap((ledger) => ledger.madeBookings);
  const bookingRows = bookings.map((booking) => [
    booking.id,
    booking.eventId,
    booking.sectionId,
    booking.userId,
    booking.quantity,
    booking.quantity > 0 ? 'CONFIRMED' : 'CANCELLED',
    booking.waitlistEntryId,
    booking.holdId,
    booking.createdAt,
    booking.quantity > 0 ? null : now,
  ]);
  const tickets = ledgers.flatMap((ledger) => ledger.madeTickets);
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

/** First who gives a seat back: it may be sold again in the same batch. */
function saveSeats(ledgers: readonly BookingChanges[]): Change[] {
  const returned = ledgers.flatMap((ledger) => ledger.cancelledTicketIds);
  const sold = ledgers
    .flatMap((ledger) => ledger.madeTickets)
    .filter(({ cancelled }) => !cancelled)
    .map(({ id, eventId, seatId }) => [seatId, eventId, id]);
  return [
    ...deleteRows('booked_seats', 'ticket_id', returned),
    ...insertRows('booked_seats', ['id', 'event_id', 'ticket_id'], sold),
  ];
}

const HELD_TICKETS = `
  SELECT ticket.id, ticket.booking_id AS bookingId, ticket.seat_id AS seatId,
         booking.user_id AS userId, booking.section_id AS sectionId,
         booking.quantity AS bookingQuantity`;

/**
 * Each by its index and in this order, whatever the statistics say: in a table that has grown from
 * nothing within seconds they say that reading all of it is cheaper, and it no longer is.
 */
const TO_TICKETS = `
    STRAIGHT_JOIN tickets ticket FORCE INDEX (ix_tickets_booking)
      ON ticket.booking_id = booking.id AND ticket.status = 'BOOKED'`;
const TO_BOOKINGS = `
    STRAIGHT_JOIN bookings booking FORCE INDEX (PRIMARY) ON booking.id = ticket.booking_id`;
const OF_SECTION = "WHERE booking.section_id = ? AND booking.status = 'CONFIRMED'";

const fromBookings = (index: string): string =>
  `FROM bookings booking FORCE INDEX (${index}) ${TO_TICKETS} ${OF_SECTION}`;

/** How named ones are found. */
const NAMED = {
  bookings: `${fromBookings('PRIMARY')} AND booking.id IN (?)`,
  tickets: `FROM tickets ticket FORCE INDEX (PRIMARY) ${TO_BOOKINGS} ${OF_SECTION}
    AND ticket.status = 'BOOKED' AND ticket.id IN (?)`,
  seats: `FROM booked_seats sold FORCE INDEX (PRIMARY)
    STRAIGHT_JOIN tickets ticket FORCE INDEX (PRIMARY) ON ticket.id = sold.ticket_id ${TO_BOOKINGS}
    ${OF_SECTION} AND ticket.status = 'BOOKED' AND sold.id IN (?)`,
} as const;

/** Whichever they are: so many, and so many tickets; at least one, however many it has. */
const SOME_BOOKINGS = `(SELECT * FROM
    (SELECT some.*, SUM(quantity) OVER (ORDER BY id) - quantity AS tickets_before
       FROM (SELECT * FROM bookings FORCE INDEX (ix_bookings_section)
              WHERE section_id = ? AND status = 'CONFIRMED' ORDER BY id LIMIT ?) some) counted
    WHERE tickets_before < ?)`;

interface Part {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** As few SELECTs as will do: one a person would cost the server more than all its rows. */
function selectTickets(wanted: readonly TicketQuery[]): Part[] {
  const groups = groupBy(wanted, (one) => {
    return `${one.sectionId} ${one.by} ${one.by === 'newest' ? one.max : ''}`;
  });
  return [...groups.values()].map(selectGroup);
}

function selectGroup(group: readonly TicketQuery[]): Part {
  const first = group[0]!;
  const { sectionId } = first;
  if (first.by === 'newest') return selectNewest(sectionId, first.max, group);
  if (first.by === 'any') {
    const sql = `(${HELD_TICKETS} FROM ${SOME_BOOKINGS} booking ${TO_TICKETS} ${OF_SECTION})`;
    return { sql, parameters: [sectionId, first.bookingsMax, first.ticketsMax, sectionId] };
  }
  const ids = group.flatMap((one) => ('ids' in one ? one.ids : []));
  return { sql: `(${HELD_TICKETS} ${NAMED[first.by]})`, parameters: [sectionId, ids] };
}

function selectNewest(sectionId: string, max: number, group: readonly TicketQuery[]): Part {
  const people = group.flatMap((one) => (one.by === 'newest' ? one.userId : []));
  const nth = 'ROW_NUMBER() OVER (PARTITION BY booking.user_id ORDER BY ticket.id DESC) AS nth';
  const from = fromBookings('ix_bookings_person');
  return {
    sql: `(SELECT id, bookingId, seatId, userId, sectionId, bookingQuantity
             FROM (${HELD_TICKETS}, ${nth} ${from} AND booking.user_id IN (?)) ranked
            WHERE nth <= ?)`,
    parameters: [sectionId, people, max],
  };
}
