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
  /** The hold it was made from, if any. */
  readonly holdId: string | null;
  readonly createdAt: Date;
}

/** A ticket that is BOOKED. */
export interface Ticket {
  readonly id: string;
  readonly bookingId: string;
  readonly userId: string;
  readonly seatId: string | null;
}

/** A ticket as it is loaded, with what its booking holds. */
export interface LoadedTicket extends Ticket {
  /** Places its booking holds, this one included. */
  readonly bookingQuantity: number;
}

/** What cancelling tickets did to one booking. */
export interface CancelledTickets {
  readonly bookingId: string;
  readonly userId: string;
  readonly lost: number;
  /** Whether it was the last it held. */
  readonly ended: boolean;
  readonly seatIds: readonly string[];
}

/** Rows that a batch leaves behind. */
export interface BookingChanges {
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
 * those loaded for the commands that cancel, and those made in the batch.
 */
export class SectionBookings {
  private readonly tickets = new Map<string, Ticket>();
  private readonly idsOfUser = new Map<string, Set<string>>();
  private readonly idsOfBooking = new Map<string, Set<string>>();
  private readonly quantities = new Map<string, number>();
  private readonly madeBookings = new Map<string, Booking>();
  private readonly madeTickets: Ticket[] = [];
  private readonly cancelled = new Set<string>();
  private readonly reduced = new Set<string>();

  constructor(held: readonly LoadedTicket[] = []) {
    for (const { bookingQuantity, ...ticket } of held) {
      this.quantities.set(ticket.bookingId, bookingQuantity);
      this.enter(ticket);
    }
  }

  /** Enters a new booking with its tickets; `booking.quantity` is their number. */
  make(booking: Booking, printed: readonly Pick<Ticket, 'id' | 'seatId'>[]): void {
    this.madeBookings.set(booking.id, booking);
    this.quantities.set(booking.id, booking.quantity);
    for (const { id, seatId } of printed) {
      const ticket = { id, seatId, bookingId: booking.id, userId: booking.userId };
      this.madeTickets.push(ticket);
      this.enter(ticket);
    }
  }

  /** The person's booked tickets that are known here, newest first. */
  ticketsOf(userId: string): readonly Ticket[] {
    return this.named(this.idsOfUser.get(userId));
  }

  /** The booked tickets of a booking that are known here, newest first. */
  ticketsOfBooking(bookingId: string): readonly Ticket[] {
    return this.named(this.idsOfBooking.get(bookingId));
  }

  /** All booked tickets that are known here, newest first. */
  get loadedTickets(): readonly Ticket[] {
    return [...this.tickets.values()].sort(newestFirst);
  }

  /** Cancels booked tickets that are known here. */
  cancel(ticketIds: readonly string[]): CancelledTickets[] {
    const byBooking = new Map<string, Ticket[]>();
    for (const id of ticketIds) {
      const ticket = this.strike(id);
      const others = byBooking.get(ticket.bookingId);
      if (others === undefined) byBooking.set(ticket.bookingId, [ticket]);
      else others.push(ticket);
    }
    return [...byBooking].map(([bookingId, tickets]) => {
      const left = this.quantityOf(bookingId) - tickets.length;
      this.quantities.set(bookingId, left);
      this.reduced.add(bookingId);
      return {
        bookingId,
        userId: tickets[0]!.userId,
        lost: tickets.length,
        ended: left === 0,
        seatIds: tickets.flatMap(({ seatId }) => seatId ?? []),
      };
    });
  }

  changes(): BookingChanges {
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

  private enter(ticket: Ticket): void {
    this.tickets.set(ticket.id, ticket);
    into(this.idsOfUser, ticket.userId, ticket.id);
    into(this.idsOfBooking, ticket.bookingId, ticket.id);
  }

  private strike(id: string): Ticket {
    const ticket = this.tickets.get(id);
    if (ticket === undefined) throw new Error(`Ticket ${id} is not booked, or not loaded`);
    this.tickets.delete(id);
    this.idsOfUser.get(ticket.userId)?.delete(id);
    this.idsOfBooking.get(ticket.bookingId)?.delete(id);
    this.cancelled.add(id);
    return ticket;
  }

  private named(ids: Iterable<string> = []): readonly Ticket[] {
    return [...ids].map((id) => this.tickets.get(id)!).sort(newestFirst);
  }

  private quantityOf(bookingId: string): number {
    return this.quantities.get(bookingId) ?? 0;
  }
}

function into(groups: Map<string, Set<string>>, key: string, id: string): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, new Set([id]));
  else group.add(id);
}
