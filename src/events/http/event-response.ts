import type { Fit, Price, WaitlistMode } from '../../inventory/index.js';
import type { EventStatus } from '../event.entity.js';

export interface SectionStatusResponse {
  readonly id: string;
  readonly name: string;
  readonly capacity: number;
  readonly availableTickets: number;
  readonly bookedTickets: number;
  readonly heldTickets: number;
  readonly waitingListCount: number;
}

/** Places of the whole event and of each section. At every commit booked + held + available = total. */
export interface EventStatusResponse {
  readonly eventId: string;
  readonly name: string;
  readonly status: EventStatus;
  readonly totalTickets: number;
  readonly availableTickets: number;
  readonly bookedTickets: number;
  readonly heldTickets: number;
  /** Entries in the line, not people or places. */
  readonly waitingListCount: number;
  /** Confirmed bookings. */
  readonly bookingCount: number;
  /** Grows with every change of the event or of its places. */
  readonly version: number;
  readonly sections: readonly SectionStatusResponse[];
}

export interface SectionResponse extends SectionStatusResponse {
  /** In the smallest unit of its currency; null if none is kept here. */
  readonly price: Price | null;
  /** Whether its places are numbered seats. */
  readonly isSeated: boolean;
}

/** An event and all its settings; null is no bound. */
export interface EventResponse extends Omit<EventStatusResponse, 'eventId' | 'sections'> {
  readonly id: string;
  readonly description: string | null;
  readonly venue: string | null;
  readonly startsAt: string | null;
  readonly endsAt: string | null;
  readonly limits: { readonly maxPerBooking: number | null; readonly maxPerPerson: number | null };
  readonly waitlist: {
    readonly enabled: boolean;
    readonly maxSize: number | null;
    readonly fit: Fit;
    readonly mode: WaitlistMode;
    readonly offerTtlSeconds: number;
  };
  readonly sections: readonly SectionResponse[];
  readonly createdAt: string;
  readonly updatedAt: string;
}
