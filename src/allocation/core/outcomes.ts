import type { SectionRow } from './state/locked-section.js';
import type { WaitlistEntry, WaitingEntry } from './waitlist/waitlist-entry.js';
import type { Hold } from './state/holds.js';
import type { Price } from './state/price.js';
import type { Booking } from './state/section-bookings.js';
import type { NumberedSeat } from './state/seats.js';
import type { Refusal } from './refusals.js';

export interface PrintedTicket {
  readonly id: string;
  readonly seatId: string | null;
  /** Only in a section with seats. */
  readonly seat?: NumberedSeat;
}

export interface Booked {
  readonly booking: Booking;
  readonly tickets: readonly PrintedTicket[];
}

/** What an entry became: a booking, or an offer. */
export type Promotion = {
  readonly entryId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly price: Price | null;
} & (
  | { readonly bookingId: string; readonly tickets: readonly PrintedTicket[] }
  | { readonly holdId: string; readonly expiresAt: string }
);

/** The result of a command: plain data. A refusal has changed nothing. */
export type Outcome =
  | ({ readonly kind: 'booked' } & Booked)
  | { readonly kind: 'waitlisted'; readonly entry: WaitingEntry; readonly position: number }
  | {
      readonly kind: 'cancelled';
      readonly eventId: string;
      /** The owner of the tickets. */
      readonly userId: string;
      readonly tickets: readonly (PrintedTicket & { readonly bookingId: string })[];
      /** What the freed places became for the same person; missing if nothing. */
      readonly promoted?: readonly Promotion[];
      /** Only for `cancelBooking`: the tickets left in the booking, and the time of the change. */
      readonly rest?: { readonly tickets: readonly PrintedTicket[]; readonly at: Date };
    }
  /** To leave while OFFERED is to decline. */
  | { readonly kind: 'left' | 'declined'; readonly entry: WaitlistEntry; readonly at: Date }
  /** `seats`: those of a hold in a section with seats. */
  | {
      readonly kind: 'held' | 'released';
      readonly hold: Hold;
      readonly seats?: readonly NumberedSeat[];
    }
  /** `expired`: overdue holds that the batch has ended; `hasMore`: others may still be overdue. */
  | { readonly kind: 'swept'; readonly expired: number; readonly hasMore: boolean }
  /** The section after the command and the promotions it caused. */
  | {
      readonly kind: 'resized' | 'configured' | 'opened' | 'closed';
      readonly section: SectionRow;
    }
  /** `ended`: bookings, holds (overdue ones included) and entries; 0 if nothing was left. */
  | { readonly kind: 'voided'; readonly ended: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type OutcomeOf<Kind extends Outcome['kind']> = Outcome & { readonly kind: Kind };

export const refused = (refusal: Refusal): Outcome => ({ kind: 'refused', refusal });
