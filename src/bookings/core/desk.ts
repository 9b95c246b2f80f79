import type { LockedSection } from '../../inventory/core/locked-section.js';
import type { Line } from '../../waitlist/core/line.js';
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
  | 'waitlist.joined'
  | 'waitlist.promoted'
  | 'waitlist.left';

/**
 * All that a batch knows of one section while its lock is held, and where commands are applied one
 * after the other. Nothing here touches a database: the shell writes down the changes afterwards.
 */
export class Desk {
  readonly messages: Message[] = [];

  constructor(
    readonly section: LockedSection,
    readonly line: Line,
    readonly ledger: Ledger,
    readonly surroundings: Surroundings,
  ) {}

  /** Reports a change. Every change is reported exactly once, which also counts the version. */
  tell(type: MessageType, payload: Readonly<Record<string, unknown>>): void {
    const { id: sectionId, eventId } = this.section.now;
    const { now, newId } = this.surroundings;
    const sequence = this.section.nextVersion();
    this.messages.push({
      id: newId(),
      eventId,
      sectionId,
      sequence,
      type,
      payload,
      createdAt: now,
    });
  }
}
