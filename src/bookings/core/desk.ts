import type { LockedSection } from '../../inventory/core/locked-section.js';
import type { Seats } from '../../inventory/core/seats.js';
import type { Line } from '../../waitlist/core/line.js';
import type { Claims } from './claims.js';
import type { Holds } from './holds.js';
import type { Ledger } from './ledger.js';

/** What the rules may not find out by themselves: the time, and names for new things. */
export interface Surroundings {
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

/** What is known of one section; the claims are shared by all sections of its event. */
export interface Known {
  readonly section: LockedSection;
  readonly line: Line;
  readonly ledger: Ledger;
  readonly holds: Holds;
  readonly seats: Seats;
  readonly claims: Claims;
}

/**
 * All that a batch knows of one section while its lock is held, and where commands are applied one
 * after the other. Nothing here touches a database: the shell writes down the changes afterwards.
 */
export class Desk implements Known {
  readonly section: LockedSection;
  readonly line: Line;
  readonly ledger: Ledger;
  readonly holds: Holds;
  readonly seats: Seats;
  readonly claims: Claims;
  readonly messages: Message[] = [];

  constructor(
    known: Known,
    readonly surroundings: Surroundings,
  ) {
    this.section = known.section;
    this.line = known.line;
    this.ledger = known.ledger;
    this.holds = known.holds;
    this.seats = known.seats;
    this.claims = known.claims;
  }

  /** What every new row of the section says of where it belongs, and since when. */
  get origin(): { readonly eventId: string; readonly sectionId: string; readonly createdAt: Date } {
    const { id: sectionId, eventId } = this.section.now;
    return { eventId, sectionId, createdAt: this.surroundings.now };
  }

  /** Reports a change. Every change is reported exactly once, which also counts the version. */
  tell(type: MessageType, payload: Readonly<Record<string, unknown>>): void {
    const sequence = this.section.nextVersion();
    this.messages.push({
      id: this.surroundings.newId(),
      ...this.origin,
      sequence,
      type,
      payload,
    });
  }
}
