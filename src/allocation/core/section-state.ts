import type { LockedSection } from './state/locked-section.js';
import type { Seats } from './state/seats.js';
import type { Waitlist } from './waitlist/waitlist.js';
import type { PersonAllocations } from './state/person-allocations.js';
import type { Holds } from './state/holds.js';
import type { SectionBookings } from './state/section-bookings.js';

/** The time, and ids for new rows: the rules are pure and cannot make them. */
export interface DecisionContext {
  /** By the database's clock, read after the lock was granted. */
  readonly now: Date;
  /** Ordered by `now`, then as they are taken: the newest row has the highest id. */
  readonly newId: () => string;
}

/**
 * A section as the rules see it while its lock is held. Commands of a batch are decided on it one
 * after the other; nothing here touches the database, and the engine writes the changes afterwards.
 *
 * Each part says what must be loaded of it. More does no harm. If something is missing, the rules
 * throw where they can tell.
 *
 * `voidRemaining` also needs some of what is left: CONFIRMED bookings with all of their tickets, HELD
 * holds that are not overdue with their entries, and WAITING entries. A kind may be
 * left out only if none of it remains, or while holds remain, which may be ended first.
 */
export interface SectionState {
  readonly section: LockedSection;
  /**
   * Windows as `planWaitlistLoad` says. Also, in any status: the open entries of the people who book
   * or cancel, the entries that commands name, and the entries of the holds that are loaded HELD.
   */
  readonly waitlist: Waitlist;
  /**
   * BOOKED tickets: those that a `cancel` names, or all of the booking it names; for a person who
   * cancels their newest, as many as all commands of the batch may take from them; all of a booking
   * that `cancelBooking` names; the person's ticket for the seat that `releaseSeat` names.
   */
  readonly bookings: SectionBookings;
  /**
   * Holds that commands name, and those of the entries that are loaded OFFERED. If `holdsExpireAt` has
   * passed: the overdue ones that `splitOverdue` has the batch end, and the expiry of the first hold
   * after them, which may have passed as well.
   */
  readonly holds: Holds;
  /**
   * In a section with seats: those that commands name, those of the tickets and holds loaded, and, by
   * position, as many AVAILABLE ones as `seatDemand` says, with some more to choose from; all AVAILABLE
   * ones unless `hasRunsEnough`.
   */
  readonly seats: Seats;
  /**
   * Shared by all sections of the event. Everyone who books or holds in a section that has
   * `maxPerPerson`, or may get it within the batch; with 0 if they have nothing.
   */
  readonly allocations: PersonAllocations;
  /** The cause of the changes that follow, for their messages. */
  actor?: Readonly<{ by: string; request?: string }> | undefined;
  /** The changes made by the commands so far. */
  readonly messages: Message[];
  readonly context: DecisionContext;
}

/** A change, as it is reported through the outbox once it is committed. */
export interface Message {
  /** The section's version after the change: a section's messages are ordered and complete. */
  readonly sequence: number;
  readonly type: MessageType;
  readonly payload: Readonly<Record<string, unknown>>;
}

export type MessageType =
  | 'booking.confirmed'
  | 'booking.cancelled'
  | 'hold.created'
  | 'hold.confirmed'
  | 'hold.released'
  | 'hold.expired'
  | 'waitlist.joined'
  | 'waitlist.promoted'
  | 'waitlist.offered'
  | 'waitlist.left'
  | 'waitlist.declined'
  | 'waitlist.offer_expired'
  | 'waitlist.voided'
  | 'section.resized'
  | 'section.opened'
  | 'section.closed'
  | 'section.configured';

/** Fields that every new row of a section has. */
export function rowBasis({ section, context }: SectionState): {
  readonly eventId: string;
  readonly sectionId: string;
  readonly createdAt: Date;
} {
  const { id: sectionId, eventId } = section.row;
  return { eventId, sectionId, createdAt: context.now };
}

/** Reports a change. Each change is reported exactly once, which also increments the version. */
export function emit(
  state: SectionState,
  type: MessageType,
  payload: Readonly<Record<string, unknown>>,
): void {
  const { actor } = state;
  state.messages.push({
    sequence: state.section.nextVersion(),
    type,
    payload: actor === undefined ? payload : { ...payload, ...actor },
  });
}
