import type { LockedSection } from './state/locked-section.js';
import type { Seats } from './state/seats.js';
import type { Waitlist } from './waitlist/waitlist.js';
import type { PersonAllocations } from './state/person-allocations.js';
import type { Holds } from './state/holds.js';
import type { SectionBookings } from './state/section-bookings.js';

/** What the rules may not find out by themselves: the time, and names for new things. */
export interface DecisionContext {
  readonly now: Date;
  readonly newId: () => string;
}

/** A fact to be told after the change is committed. */
export interface Message {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  /** The section's version that the change made: messages of a section are in order and complete. */
  readonly sequence: number;
  readonly type: MessageType;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
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

/**
 * What is known of one section; only what is listed here has to be loaded, and more does no harm.
 * What the rules miss they report by throwing, where they can know that they miss it.
 *
 * For `voidRemaining`, besides, some of what is left: CONFIRMED bookings with all of their tickets, HELD
 * holds that are not overdue with their entries, and WAITING entries; nothing of a kind only if
 * nothing of it is left, or holds are, which may be had first.
 */
export interface LoadedSection {
  readonly section: LockedSection;
  /**
   * Windows as far as `reachOf` says. Besides, in whatever state: the open entries of the people who
   * book or cancel, the entries that are named, and the entries of the holds that are loaded HELD.
   */
  readonly waitlist: Waitlist;
  /**
   * Tickets that are BOOKED: those a `cancel` names, or all of the booking it names; of a person who
   * cancels his newest, as many as all cancels of the batch may take from him (his own and those of
   * his bookings); all of a booking that `cancelBooking` names; the person's of the seat that
   * `releaseSeat` names.
   */
  readonly bookings: SectionBookings;
  /**
   * Holds that are named, and those of the entries that are loaded OFFERED. If `holdsExpireAt` is not
   * after now: those of the overdue ones that `splitOverdue` has the batch end, and when the next one
   * after them expires, which may have passed as well.
   */
  readonly holds: Holds;
  /**
   * In a section with seats: those that are named, those of the tickets and holds loaded, and of the
   * AVAILABLE ones, by position, the first of as many as `seatDemand` says, and some more to choose
   * from.
   */
  readonly seats: Seats;
  /**
   * Shared by all sections of the event. Who books or holds in a section that has `maxPerPerson`, or
   * may have it within the batch; who has nothing with 0.
   */
  readonly allocations: PersonAllocations;
}

/**
 * All that a batch knows of one section while its lock is held, and where commands are applied one
 * after the other. Nothing here touches a database: the shell writes down the changes afterwards.
 */
export class SectionState implements LoadedSection {
  readonly section: LockedSection;
  readonly waitlist: Waitlist;
  readonly bookings: SectionBookings;
  readonly holds: Holds;
  readonly seats: Seats;
  readonly allocations: PersonAllocations;
  readonly messages: Message[] = [];

  constructor(
    known: LoadedSection,
    readonly context: DecisionContext,
  ) {
    this.section = known.section;
    this.waitlist = known.waitlist;
    this.bookings = known.bookings;
    this.holds = known.holds;
    this.seats = known.seats;
    this.allocations = known.allocations;
  }

  /** What every new row of the section says of where it belongs, and since when. */
  get origin(): { readonly eventId: string; readonly sectionId: string; readonly createdAt: Date } {
    const { id: sectionId, eventId } = this.section.row;
    return { eventId, sectionId, createdAt: this.context.now };
  }

  /** Reports a change. Every change is reported exactly once, which also counts the version. */
  emit(type: MessageType, payload: Readonly<Record<string, unknown>>): void {
    const sequence = this.section.nextVersion();
    this.messages.push({
      id: this.context.newId(),
      ...this.origin,
      sequence,
      type,
      payload,
    });
  }
}
