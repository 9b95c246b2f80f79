import type { Price } from './price.js';

/** One person's confirmed right to places in one section. */
export interface Booking {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  /** Number of its BOOKED tickets; 0 once it is cancelled. */
  readonly quantity: number;
  /** Of one place when the places were given; null if the section had none. */
  readonly price: Price | null;
  /** The entry it was promoted from, if any. */
  readonly waitlistEntryId: string | null;
  /** The hold that it confirmed, if any. */
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

/** A ticket as it is loaded, with the size and the price of its booking. */
export interface LoadedTicket extends Ticket {
  readonly price: Price | null;
  /** Number of BOOKED tickets in its booking, this one included. */
  readonly bookingQuantity: number;
}

/** The tickets cancelled in one booking. */
export interface CancelledTickets {
  readonly bookingId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly price: Price | null;
  /** Whether none is left in the booking. */
  readonly ended: boolean;
  readonly seatIds: readonly string[];
}

/** The changes that a batch has to write. */
export interface BookingChanges {
  /** Bookings of this batch, in their final state. */
  readonly newBookings: readonly Booking[];
  readonly newTickets: readonly (Ticket & {
    readonly eventId: string;
    readonly cancelled: boolean;
  })[];
  /** Older bookings that lost some tickets but not all. */
  readonly reducedBookings: readonly { readonly id: string; readonly quantity: number }[];
  /** Older bookings that lost their last ticket. */
  readonly endedBookingIds: readonly string[];
  readonly cancelledTicketIds: readonly string[];
}

/** UUIDs of version 7 begin with their time: a greater id is newer. */
const newestFirst = (a: Ticket, b: Ticket): number => (a.id < b.id ? 1 : -1);

/**
 * The bookings and tickets of one section that concern a batch: those loaded for commands that cancel,
 * and those that the batch adds.
 */
export class SectionBookings {
  private readonly tickets = new Map<string, Ticket>();
  private readonly idsOfUser = new Map<string, Set<string>>();
  private readonly idsOfBooking = new Map<string, Set<string>>();
  private readonly quantities = new Map<string, number>();
  private readonly prices = new Map<string, Price | null>();
  private readonly newBookings = new Map<string, Booking>();
  private readonly newTickets: Ticket[] = [];
  private readonly cancelled = new Set<string>();
  private readonly reduced = new Set<string>();

  constructor(loaded: readonly LoadedTicket[] = []) {
    for (const { bookingQuantity, price, ...ticket } of loaded) {
      this.quantities.set(ticket.bookingId, bookingQuantity);
      this.prices.set(ticket.bookingId, price);
      this.addTicket(ticket);
    }
  }

  /** Adds a new booking with its tickets; `booking.quantity` is their number. */
  add(booking: Booking, tickets: readonly Pick<Ticket, 'id' | 'seatId'>[]): void {
    this.newBookings.set(booking.id, booking);
    this.quantities.set(booking.id, booking.quantity);
    this.prices.set(booking.id, booking.price);
    for (const { id, seatId } of tickets) {
      const ticket = { id, seatId, bookingId: booking.id, userId: booking.userId };
      this.newTickets.push(ticket);
      this.addTicket(ticket);
    }
  }

  /** The person's BOOKED tickets that are loaded, newest first. */
  ticketsOf(userId: string): readonly Ticket[] {
    return this.byIds(this.idsOfUser.get(userId));
  }

  /** The BOOKED tickets of a booking that are loaded, newest first. */
  ticketsOfBooking(bookingId: string): readonly Ticket[] {
    return this.byIds(this.idsOfBooking.get(bookingId));
  }

  /** All BOOKED tickets that are loaded, newest first. */
  get loadedTickets(): readonly Ticket[] {
    return [...this.tickets.values()].sort(newestFirst);
  }

  /** @throws {Error} if one of the tickets is not loaded or not BOOKED */
  cancel(ticketIds: readonly string[]): CancelledTickets[] {
    const byBooking = new Map<string, Ticket[]>();
    for (const id of ticketIds) {
      const ticket = this.cancelTicket(id);
      const earlier = byBooking.get(ticket.bookingId);
      if (earlier === undefined) byBooking.set(ticket.bookingId, [ticket]);
      else earlier.push(ticket);
    }
    return [...byBooking].map(([bookingId, tickets]) => {
      const left = this.quantityOf(bookingId) - tickets.length;
      this.quantities.set(bookingId, left);
      this.reduced.add(bookingId);
      return {
        bookingId,
        userId: tickets[0]!.userId,
        quantity: tickets.length,
        price: this.prices.get(bookingId) ?? null,
        ended: left === 0,
        seatIds: tickets.flatMap(({ seatId }) => seatId ?? []),
      };
    });
  }

  changes(): BookingChanges {
    const newTicketIds = new Set(this.newTickets.map((ticket) => ticket.id));
    const cancelledTicketIds = [...this.cancelled].filter((id) => !newTicketIds.has(id));
    const reduced = [...this.reduced].filter((id) => !this.newBookings.has(id));
    return {
      newBookings: [...this.newBookings.values()].map((booking) => ({
        ...booking,
        quantity: this.quantityOf(booking.id),
      })),
      newTickets: this.newTickets.map((ticket) => ({
        ...ticket,
        eventId: this.newBookings.get(ticket.bookingId)!.eventId,
        cancelled: this.cancelled.has(ticket.id),
      })),
      reducedBookings: reduced
        .map((id) => ({ id, quantity: this.quantityOf(id) }))
        .filter(({ quantity }) => quantity > 0),
      endedBookingIds: reduced.filter((id) => this.quantityOf(id) === 0),
      cancelledTicketIds,
    };
  }

  private addTicket(ticket: Ticket): void {
    this.tickets.set(ticket.id, ticket);
    addTo(this.idsOfUser, ticket.userId, ticket.id);
    addTo(this.idsOfBooking, ticket.bookingId, ticket.id);
  }

  private cancelTicket(id: string): Ticket {
    const ticket = this.tickets.get(id);
    if (ticket === undefined) throw new Error(`Ticket ${id} is not booked, or not loaded`);
    this.tickets.delete(id);
    this.idsOfUser.get(ticket.userId)?.delete(id);
    this.idsOfBooking.get(ticket.bookingId)?.delete(id);
    this.cancelled.add(id);
    return ticket;
  }

  private byIds(ids: Iterable<string> = []): readonly Ticket[] {
    return [...ids].map((id) => this.tickets.get(id)!).sort(newestFirst);
  }

  private quantityOf(bookingId: string): number {
    return this.quantities.get(bookingId) ?? 0;
  }
}

function addTo(groups: Map<string, Set<string>>, key: string, id: string): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, new Set([id]));
  else group.add(id);
}
