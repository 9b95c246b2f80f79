import { Injectable } from '@nestjs/common';
import { insertRows, setOnRows, type Transaction, updateRowsById } from '../platform/index.js';
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
  async heldTickets(
    tx: Transaction,
    wanted: readonly TicketsWanted[],
  ): Promise<readonly TicketOfSection[]> {
    if (wanted.length === 0) return [];
    const parts = wanted.map(selectTickets);
    const rows = await tx.query<TicketOfSection[]>(
      parts.map((part) => part.sql).join(' UNION ALL '),
      parts.flatMap((part) => part.parameters),
    );
    return [...new Map(rows.map((row) => [row.id, row])).values()];
  }

  async save(tx: Transaction, ledgers: readonly LedgerChanges[], now: Date): Promise<void> {
    await this.insertMade(tx, ledgers, now);
    const cancelled = ledgers.flatMap((ledger) => ledger.cancelledTicketIds);
    const ended = ledgers.flatMap((ledger) => ledger.endedBookingIds);
    const reduced = ledgers.flatMap((ledger) => ledger.reducedBookings);
    const cancel = "status = 'CANCELLED', cancelled_at = ?";
    await setOnRows(tx, 'tickets', cancel, [now], cancelled);
    await setOnRows(tx, 'bookings', `${cancel}, quantity = 0`, [now], ended);
    await updateRowsById(
      tx,
      'bookings',
      ['quantity'],
      reduced.map(({ id, quantity }) => ({ id, values: [quantity] })),
    );
  }

  private async insertMade(
    tx: Transaction,
    ledgers: readonly LedgerChanges[],
    now: Date,
  ): Promise<void> {
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
    await insertRows(tx, 'bookings', BOOKING_COLUMNS, bookingRows);
    await insertRows(tx, 'tickets', TICKET_COLUMNS, ticketRows);
  }
}

const TICKETS_OF_PERSON = `
  SELECT ticket.id, ticket.booking_id AS bookingId, booking.user_id AS userId,
         booking.section_id AS sectionId, booking.quantity AS bookingQuantity
    FROM bookings booking
    JOIN tickets ticket ON ticket.booking_id = booking.id AND ticket.status = 'BOOKED'
   WHERE booking.section_id = ? AND booking.user_id = ? AND booking.status = 'CONFIRMED'`;

function selectTickets(wanted: TicketsWanted): { sql: string; parameters: unknown[] } {
  const { sectionId, userId, target, newestMax } = wanted;
  switch (target.by) {
    case 'newest':
      return {
        sql: `(${TICKETS_OF_PERSON} ORDER BY ticket.id DESC LIMIT ?)`,
        parameters: [sectionId, userId, newestMax],
      };
    case 'tickets':
      return {
        sql: `(${TICKETS_OF_PERSON} AND ticket.id IN (?))`,
        parameters: [sectionId, userId, target.ticketIds],
      };
    case 'booking':
      return {
        sql: `(${TICKETS_OF_PERSON} AND booking.id = ?)`,
        parameters: [sectionId, userId, target.bookingId],
      };
  }
}
