import type { WaitingEntry } from '../../waitlist/core/line.js';
import type { Booking } from './ledger.js';
import type { Refusal } from './refusals.js';

/** What a person wants when the places do not suffice. */
export type OnSoldOut = 'wait' | 'refuse';

export interface BookCommand {
  readonly kind: 'book';
  readonly sectionId: string;
  readonly userId: string;
  /** Number of places, at least 1. */
  readonly quantity: number;
  readonly onSoldOut: OnSoldOut;
}

/** Which tickets to cancel. Always the person's own; `newest` ones first. */
export type CancelTarget =
  | { readonly by: 'newest'; readonly quantity: number }
  | { readonly by: 'tickets'; readonly ticketIds: readonly string[] }
  | { readonly by: 'booking'; readonly bookingId: string; readonly quantity: number | undefined };

export interface CancelCommand {
  readonly kind: 'cancel';
  readonly sectionId: string;
  readonly userId: string;
  readonly target: CancelTarget;
}

export type Command = BookCommand | CancelCommand;

/** What became of a command. A refusal has changed nothing. */
export type Outcome =
  | { readonly kind: 'booked'; readonly booking: Booking; readonly ticketIds: readonly string[] }
  | { readonly kind: 'waitlisted'; readonly entry: WaitingEntry; readonly position: number }
  | {
      readonly kind: 'cancelled';
      readonly eventId: string;
      readonly userId: string;
      readonly ticketIds: readonly string[];
    }
  | { readonly kind: 'left'; readonly entry: WaitingEntry }
  | { readonly kind: 'refused'; readonly refusal: Refusal };
