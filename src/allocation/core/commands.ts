import type { SectionRules } from './state/section-rules.js';

export type { Booked, Outcome, PrintedTicket } from './outcomes.js';

/** What a person wants when the places do not suffice. */
export type OnSoldOut = 'wait' | 'refuse';

/** What books and holds have in common. */
export interface PlacesWanted {
  readonly sectionId: string;
  readonly userId: string;
  /** Number of places, at least 1. */
  readonly quantity: number;
  /** The seats, if the person chose them: as many as `quantity`, each once. */
  readonly seatIds?: readonly string[] | undefined;
}

export interface BookCommand extends PlacesWanted {
  readonly kind: 'book';
  readonly onSoldOut: OnSoldOut;
}

/** Keeps places for a while. Never waits. */
export interface HoldCommand extends PlacesWanted {
  readonly kind: 'hold';
  /** At least 1. */
  readonly ttlSeconds: number;
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

/** Which tickets of a booking to cancel; of some number, the newest. */
export type BookingTarget =
  | { readonly by: 'all' }
  | { readonly by: 'tickets'; readonly ticketIds: readonly string[] }
  | { readonly by: 'newest'; readonly quantity: number };

/** Cancels in a booking, whoever's it is. */
export interface CancelBookingCommand {
  readonly kind: 'cancelBooking';
  readonly sectionId: string;
  readonly bookingId: string;
  readonly target: BookingTarget;
}

/** Cancels the person's ticket of a seat. */
export interface ReleaseSeatCommand {
  readonly kind: 'releaseSeat';
  readonly sectionId: string;
  readonly userId: string;
  readonly seatId: string;
}

/** Books what a hold holds, or gives it back. */
export interface HoldIdCommand {
  readonly kind: 'confirm' | 'release';
  readonly sectionId: string;
  readonly holdId: string;
}

/** Leaves the line, or takes or turns down what it offers. */
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
 * `expire` only asks what {@link expireOverdue} found; `voidRemaining` ends whatever the state knows of a
 * section that is closed, and is the only command of its section in a batch.
 */
export interface SectionCommand {
  readonly kind: 'expire' | 'open' | 'close' | 'voidRemaining';
  readonly sectionId: string;
}

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
