import type { CancelTarget, OnSoldOut } from '../../../src/bookings/core/commands.js';
import type { Refusal } from '../../../src/bookings/core/refusals.js';

/** What a command did, in so few words that two implementations can be compared. */
export type Told =
  | { readonly kind: 'booked' | 'cancelled'; readonly tickets: number }
  | { readonly kind: 'waitlisted'; readonly position: number }
  | { readonly kind: 'left'; readonly quantity: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Tickets and bookings go by their number in order of making; -1 is one that never was. */
export type ModelTarget =
  | Extract<CancelTarget, { by: 'newest' }>
  | { readonly by: 'tickets'; readonly tickets: readonly number[] }
  | { readonly by: 'booking'; readonly booking: number; readonly quantity: number | undefined };

interface ModelTicket {
  readonly booking: number;
  readonly person: string;
  booked: boolean;
}

/** One section, as simple as it can be said: no counters, no windows, no batches. */
export class ReferenceModel {
  readonly tickets: ModelTicket[] = [];
  readonly line: { readonly person: string; readonly quantity: number }[] = [];
  bookings = 0;

  constructor(readonly capacity: number) {}

  get available(): number {
    return this.capacity - this.tickets.filter((ticket) => ticket.booked).length;
  }

  book(person: string, quantity: number, onSoldOut: OnSoldOut): Told {
    const { capacity } = this;
    if (quantity > capacity) {
      return refused({ code: 'exceeds_capacity', requested: quantity, capacity });
    }
    if (this.line.length === 0 && quantity <= this.available) {
      this.give(person, quantity);
      return { kind: 'booked', tickets: quantity };
    }
    if (onSoldOut === 'refuse') return refused({ code: 'sold_out', requested: quantity });
    if (this.line.some((entry) => entry.person === person)) {
      return refused({ code: 'already_waiting' });
    }
    return { kind: 'waitlisted', position: this.line.push({ person, quantity }) };
  }

  cancel(person: string, target: ModelTarget): Told {
    const own = this.tickets.filter((ticket) => ticket.booked && ticket.person === person);
    const place = this.line.findIndex((entry) => entry.person === person);
    if (target.by === 'newest' && own.length === 0 && place >= 0) {
      const [entry] = this.line.splice(place, 1);
      this.promote();
      return { kind: 'left', quantity: entry!.quantity };
    }
    if (target.by === 'tickets') {
      const chosen = own.filter((ticket) => target.tickets.includes(this.tickets.indexOf(ticket)));
      const isComplete = chosen.length === new Set(target.tickets).size;
      return isComplete ? this.free(chosen) : refused({ code: 'ticket_not_found' });
    }
    const meant = target.by === 'newest' ? own : own.filter((t) => t.booking === target.booking);
    const requested = target.quantity ?? meant.length;
    if (meant.length === 0) return refused({ code: 'booking_not_found' });
    if (requested > meant.length) {
      return refused({ code: 'quantity_exceeds_booking', requested, held: meant.length });
    }
    return this.free(meant.slice(-requested));
  }

  private free(tickets: readonly ModelTicket[]): Told {
    for (const ticket of tickets) ticket.booked = false;
    this.promote();
    return { kind: 'cancelled', tickets: tickets.length };
  }

  private promote(): void {
    while (this.line[0] !== undefined && this.line[0].quantity <= this.available) {
      const { person, quantity } = this.line.shift()!;
      this.give(person, quantity);
    }
  }

  private give(person: string, quantity: number): void {
    const booking = this.bookings++;
    for (let n = 0; n < quantity; n += 1) this.tickets.push({ booking, person, booked: true });
  }
}

const refused = (refusal: Refusal): Told => ({ kind: 'refused', refusal });
