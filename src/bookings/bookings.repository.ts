import { Injectable } from '@nestjs/common';
import {
  answered,
  type Change,
  insertRows,
  type Question,
  question,
  setOnRows,
  updateRowsById,
} from '../platform/index.js';
import type { CancelTarget } from './core/commands.js';
import type { HeldTicket, LedgerChanges } from './core/ledger.js';

/** Which tickets of a person a batch may cancel. */
export interface TicketsWanted {
  readonly sectionId: string;
  readonly userId: string;
  readonly target: CancelTarget;
  /** How many of the newest may be needed, where the target asks for the newest. */
  readonly newestMax: number;
}

export type TicketOfSection = HeldTicket & { readonly sectionId: string };

const BOOKING_COLUMNS = [
  'id',
  'event_id',
  'section_id',
  'user_id',
  'quantity',
  'status',
  'waitlist_entry_id',
  'created_at',
  'cancelled_at',
];
const TICKET_COLUMNS = ['id', 'event_id', 'booking_id', 'status', 'cancelled_at'];

/** SQL of bookings and tickets. All of it under the lock of the sections concerned. */
@Injectable()
export class BookingsRepository {
  /** The booked tickets that a batch of cancels is about, each once, in one query. */
  heldTickets(wanted: readonly TicketsWanted[]): Question<readonly TicketOfSection[]> {
    if (wanted.length === 0) return answered([]);
    const parts = [...groupsOf(wanted).values()].map(selectTickets);
    return question(
      parts.map((part) => part.sql).join(' UNION ALL '),
      parts.flatMap((part) => part.parameters),
      (rows: readonly TicketOfSection[]) => [...new Map(rows.map((row) => [row.id, row])).values()],
    );
  }

  save(ledgers: readonly LedgerChanges[], now: Date): Change[] {
    const cancelled = ledgers.flatMap((ledger) => ledger.cancelledTicketIds);
    const ended = ledgers.flatMap((ledger) => ledger.endedBookingIds);
    const reduced = ledgers.flatMap((ledger) => ledger.reducedBookings);
    const cancel = "status = 'CANCELLED', cancelled_at = ?";
    const reductions = reduced.map(({ id, quantity }) => ({ id, values: [quantity] }));
    return [
      ...this.insertMade(ledgers, now),
      ...setOnRows('tickets', cancel, [now], cancelled),
      ...setOnRows('bookings', `${cancel}, quantity = 0`, [now], ended),
      ...updateRowsById('bookings', ['quantity'], reductions),
    ];
  }

  private insertMade(ledgers: readonly LedgerChanges[], now: Date): Change[] {
    const bookings = ledgers.flatMap((ledger) => ledger.madeBookings);
    const bookingRows = bookings.map((booking) => [
      booking.id,
      booking.eventId,
      booking.sectionId,
      booking.userId,
      booking.quantity,
      booking.quantity > 0 ? 'CONFIRMED' : 'CANCELLED',
      booking.waitlistEntryId,
      booking.createdAt,
      booking.quantity > 0 ? null : now,
    ]);
    const tickets = ledgers.flatMap((ledger) => ledger.madeTickets);
    const ticketRows = tickets.map((ticket) => [
      ticket.id,
      ticket.eventId,
      ticket.bookingId,
      ticket.cancelled ? 'CANCELLED' : 'BOOKED',
      ticket.cancelled ? now : null,
    ]);
    return [
      ...insertRows('bookings', BOOKING_COLUMNS, bookingRows),
      ...insertRows('tickets', TICKET_COLUMNS, ticketRows),
    ];
  }
}

const HELD_TICKETS = `
  SELECT ticket.id, ticket.booking_id AS bookingId, booking.user_id AS userId,
         booking.section_id AS sectionId, booking.quantity AS bookingQuantity`;

/**
 * From bookings to their tickets by the index, whatever the statistics say: in a table that has grown
 * from nothing within seconds they say that reading all of it is cheaper, and it no longer is.
 */
const ofSection = (bookingIndex: string): string => `
    FROM bookings booking FORCE INDEX (${bookingIndex})
    STRAIGHT_JOIN tickets ticket FORCE INDEX (ix_tickets_booking)
      ON ticket.booking_id = booking.id AND ticket.status = 'BOOKED'
   WHERE booking.section_id = ? AND booking.status = 'CONFIRMED'`;

/** Those that one SELECT can find: a SELECT a person would cost the server more than all its rows. */
function groupsOf(wanted: readonly TicketsWanted[]): Map<string, TicketsWanted[]> {
  const groups = new Map<string, TicketsWanted[]>();
  for (const one of wanted) {
    const { sectionId, target, newestMax } = one;
    const key = `${sectionId} ${target.by} ${target.by === 'newest' ? newestMax : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

function selectTickets(group: readonly TicketsWanted[]): { sql: string; parameters: unknown[] } {
  const { sectionId, target, newestMax } = group[0]!;
  if (target.by === 'newest') {
    const nth = 'ROW_NUMBER() OVER (PARTITION BY booking.user_id ORDER BY ticket.id DESC) AS nth';
    const people = group.map((one) => one.userId);
    const from = ofSection('ix_bookings_person');
    const ranked = `${HELD_TICKETS}, ${nth} ${from} AND booking.user_id IN (?)`;
    return {
      sql: `(SELECT id, bookingId, userId, sectionId, bookingQuantity FROM (${ranked}) ranked
              WHERE nth <= ?)`,
      parameters: [sectionId, people, newestMax],
    };
  }
  const named = group.flatMap((one) => idsOf(one.target));
  const from = ofSection('PRIMARY');
  // Of tickets the bookings are found first: by their ids both are.
  const sql =
    target.by === 'booking'
      ? `(${HELD_TICKETS} ${from} AND booking.id IN (?))`
      : `(${HELD_TICKETS} ${from} AND booking.id IN
           (SELECT booking_id FROM tickets WHERE id IN (?)) AND ticket.id IN (?))`;
  const ids = target.by === 'booking' ? [named] : [named, named];
  return { sql, parameters: [sectionId, ...ids] };
}

function idsOf(target: CancelTarget): readonly string[] {
  if (target.by === 'tickets') return target.ticketIds;
  return target.by === 'booking' ? [target.bookingId] : [];
}
