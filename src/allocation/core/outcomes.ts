import type { SectionRow } from './state/locked-section.js';
import type { WaitlistEntry, WaitingEntry } from './waitlist/waitlist-entry.js';
import type { Hold } from './state/holds.js';
import type { Booking } from './state/section-bookings.js';
import type { Refusal } from './refusals.js';

export interface PrintedTicket {
  readonly id: string;
  readonly seatId: string | null;
}

export interface Booked {
  readonly booking: Booking;
  readonly tickets: readonly PrintedTicket[];
}

/** What became of a command. A refusal has changed nothing. */
export type Outcome =
  | ({ readonly kind: 'booked' } & Booked)
  | { readonly kind: 'waitlisted'; readonly entry: WaitingEntry; readonly position: number }
  | {
      readonly kind: 'cancelled';
      readonly eventId: string;
      /** Whose tickets they were. */
      readonly userId: string;
      readonly tickets: readonly (PrintedTicket & { readonly bookingId: string })[];
      /** When, and what the booking still holds, if it was named by its id. */
      readonly rest?: { readonly tickets: readonly PrintedTicket[]; readonly at: Date };
    }
  /** `declined`: he left while he was offered something. `at`: when. */
  | { readonly kind: 'left' | 'declined'; readonly entry: WaitlistEntry; readonly at: Date }
  | { readonly kind: 'held' | 'released'; readonly hold: Hold }
  /**
   * `expired`: holds of the section that were found overdue in this batch; `hasMore`: it may have left
   * others to the next.
   */
  | { readonly kind: 'swept'; readonly expired: number; readonly hasMore: boolean }
  /** The section as it is after the command, promotions included. */
  | {
      readonly kind: 'resized' | 'configured' | 'opened' | 'closed';
      readonly section: SectionRow;
    }
  /** `ended`: bookings, holds (expired ones as well) and entries; 0 when nothing is left to end. */
  | { readonly kind: 'voided'; readonly ended: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export type OutcomeOf<Kind extends Outcome['kind']> = Outcome & { readonly kind: Kind };

export const refused = (refusal: Refusal): Outcome => ({ kind: 'refused', refusal });
