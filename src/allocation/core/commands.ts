import type { SectionRules } from './state/section-rules.js';

/** Whether to wait, or to be refused, if too few places are free. */
export type OnSoldOut = 'wait' | 'refuse';

/** Fields of `book` and `hold`. */
export interface PlacesWanted {
  readonly sectionId: string;
  readonly userId: string;
  /** Number of places, at least 1. */
  readonly quantity: number;
  /** The seats, if the person chose them: `quantity` different ones. */
  readonly seatIds?: readonly string[] | undefined;
  /** The sender may not read bookings: see rules/standing.ts for what refusals tell about the person. */
  readonly isBlind?: boolean;
}

export interface BookCommand extends PlacesWanted {
  readonly kind: 'book';
  readonly onSoldOut: OnSoldOut;
}

/** Holds places for a limited time. Never waits. */
export interface HoldCommand extends PlacesWanted {
  readonly kind: 'hold';
  /** At least 1. */
  readonly ttlSeconds: number;
}

/** Selects tickets of the person; a quantity means the newest ones. */
export type CancelTarget =
  | { readonly by: 'newest'; readonly quantity: number }
  | { readonly by: 'tickets'; readonly ticketIds: readonly string[] }
  | { readonly by: 'booking'; readonly bookingId: string; readonly quantity: number | undefined };

export interface CancelCommand {
  readonly kind: 'cancel';
  readonly sectionId: string;
  readonly userId: string;
  readonly target: CancelTarget;
  /** The sender may not read bookings: refusals tell nothing about the person. */
  readonly isBlind?: boolean;
}

/** Selects tickets of a booking; a quantity means the newest ones. */
export type BookingTarget =
  | { readonly by: 'all' }
  | { readonly by: 'tickets'; readonly ticketIds: readonly string[] }
  | { readonly by: 'newest'; readonly quantity: number };

/** Cancels tickets of a booking, regardless of its owner. */
export interface CancelBookingCommand {
  readonly kind: 'cancelBooking';
  readonly sectionId: string;
  readonly bookingId: string;
  readonly target: BookingTarget;
}

/** Cancels the person's ticket for one seat. */
export interface ReleaseSeatCommand {
  readonly kind: 'releaseSeat';
  readonly sectionId: string;
  readonly userId: string;
  readonly seatId: string;
}

/** Books the places of a hold, or releases them. */
export interface HoldIdCommand {
  readonly kind: 'confirm' | 'release';
  readonly sectionId: string;
  readonly holdId: string;
}

/** Leaves the waitlist, or accepts or declines its offer. */
export interface EntryCommand {
  readonly kind: 'leave' | 'accept' | 'decline';
  readonly sectionId: string;
  readonly entryId: string;
}

export interface ResizeCommand {
  readonly kind: 'resize';
  readonly sectionId: string;
  /** At least 1. */
  readonly capacity: number;
}

export interface ConfigureCommand {
  readonly kind: 'configure';
  readonly sectionId: string;
  readonly rules: Partial<SectionRules>;
}

/**
 * `expire` reports the overdue holds that the batch has ended. `voidRemaining` ends what is loaded of a
 * closed section, and is the only command for its section in a batch.
 */
export interface SectionCommand {
  readonly kind: 'sweep' | 'open' | 'close' | 'voidRemaining';
  readonly sectionId: string;
}

/** One change to one section: plain data. */
export type Command =
  | BookCommand
  | HoldCommand
  | CancelCommand
  | CancelBookingCommand
  | ReleaseSeatCommand
  | HoldIdCommand
  | EntryCommand
  | ResizeCommand
  | ConfigureCommand
  | SectionCommand;

export type CommandOf<Kind extends Command['kind']> = Command & { readonly kind: Kind };
