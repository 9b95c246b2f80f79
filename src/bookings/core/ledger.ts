/** A confirmed claim of one person to places. */
export interface Booking {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  /** Places it holds now; 0 once it is cancelled. */
  readonly quantity: number;
  /** The entry it was promoted from, if any. */
  readonly waitlistEntryId: string | null;
  readonly createdAt: Date;
}

/** A ticket that is BOOKED, with what its booking holds. */
export interface HeldTicket {
  readonly id: string;
  readonly bookingId: string;
  readonly userId: string;
  /** Places its booking holds, this one included. */
  readonly bookingQuantity: number;
}

interface Ticket {
  readonly id: string;
  readonly bookingId: string;
  readonly userId: string;
}

/** Rows that a batch leaves behind. */
export interface LedgerChanges {
  /** Bookings made in this batch, as they stand at its end. */
  readonly madeBookings: readonly Booking[];
  readonly madeTickets: readonly (Ticket & {
    readonly eventId: string;
    readonly cancelled: boolean;
  })[];
  /** Older bookings that lost some of their tickets. */
  readonly reducedBookings: readonly { readonly id: string; readonly quantity: number }[];
  /** Older bookings that lost their last ticket. */
  readonly endedBookingIds: readonly string[];
  readonly cancelledTicketIds: readonly string[];
}

/** UUIDs of version 7 begin with their time, so the greater id is the newer. */
const newestFirst = (a: Ticket, b: Ticket): number => (a.id < b.id ? 1 : -1);

/**
 * The bookings and tickets of one section that a batch is about, while the section's lock is held:
 * those loaded for the people who cancel, and those made in the batch.
 */
export class Ledger {
  private readonly ticketsOfUser = new Map<string, Ticket[]>();
  private readonly quantities = new Map<string, number>();
  private readonly madeBookings = new Map<string, Booking>();
  private readonly madeTickets: Ticket[] = [];
  private readonly cancelled = new Set<string>();
  private readonly reduced = new Set<string>();

  constructor(held: readonly HeldTicket[] = []) {
    for (const { bookingQuantity, ...ticket } of held) {
      this.quantities.set(ticket.bookingId, bookingQuantity);
      this.ofUser(ticket.userId).push(ticket);
    }
    for (const tickets of this.ticketsOfUser.values()) tickets.sort(newestFirst);
  }

  /** Enters a new booking with its tickets; `booking.quantity` is their number. */
  make(booking: Booking, ticketIds: readonly string[]): void {
    this.madeBookings.set(booking.id, booking);
    this.quantities.set(booking.id, booking.quantity);
    const tickets = ticketIds.map((id) => ({ id, bookingId: booking.id, userId: booking.userId }));
    this.madeTickets.push(...tickets);
    const all = this.ofUser(booking.userId);
    all.push(...tickets);
    all.sort(newestFirst);
  }

  /** The person's booked tickets that are known here, newest first. */
  ticketsOf(userId: string): readonly { readonly id: string; readonly bookingId: string }[] {
    return this.ofUser(userId);
  }

  /**
   * Cancels tickets of one person.
   *
   * @returns what each touched booking lost, and whether it was the last
   */
  cancel(
    userId: string,
    ticketIds: readonly string[],
  ): { bookingId: string; lost: number; ended: boolean }[] {
    const chosen = new Set(ticketIds);
    const lost = new Map<string, number>();
    for (const ticket of this.ofUser(userId)) {
      if (!chosen.has(ticket.id)) continue;
      this.cancelled.add(ticket.id);
      lost.set(ticket.bookingId, (lost.get(ticket.bookingId) ?? 0) + 1);
    }
    const kept = this.ofUser(userId).filter((ticket) => !chosen.has(ticket.id));
    this.ticketsOfUser.set(userId, kept);
    return [...lost].map(([bookingId, count]) => {
      const left = this.quantityOf(bookingId) - count;
      this.quantities.set(bookingId, left);
      this.reduced.add(bookingId);
      return { bookingId, lost: count, ended: left === 0 };
    });
  }

  changes(): LedgerChanges {
    const madeTicketIds = new Set(this.madeTickets.map((ticket) => ticket.id));
    const cancelledTicketIds = [...this.cancelled].filter((id) => !madeTicketIds.has(id));
    const touched = [...this.reduced].filter((id) => !this.madeBookings.has(id));
    return {
      madeBookings: [...this.madeBookings.values()].map((booking) => ({
        ...booking,
        quantity: this.quantityOf(booking.id),
      })),
      madeTickets: this.madeTickets.map((ticket) => ({
        ...ticket,
        eventId: this.madeBookings.get(ticket.bookingId)!.eventId,
        cancelled: this.cancelled.has(ticket.id),
      })),
      reducedBookings: touched
        .map((id) => ({ id, quantity: this.quantityOf(id) }))
        .filter(({ quantity }) => quantity > 0),
      endedBookingIds: touched.filter((id) => this.quantityOf(id) === 0),
      cancelledTicketIds,
    };
  }

  private quantityOf(bookingId: string): number {
    return this.quantities.get(bookingId) ?? 0;
  }

  private ofUser(userId: string): Ticket[] {
    const tickets = this.ticketsOfUser.get(userId);
    if (tickets !== undefined) return tickets;
    const none: Ticket[] = [];
    this.ticketsOfUser.set(userId, none);
    return none;
  }
}
