import type { SectionRules } from './section-rules.js';

export type { Fit, SectionRules, WaitlistMode } from './section-rules.js';

/** Whether a section sells now. Follows its event: PUBLISHED is OPEN, all else is CLOSED. */
export type Sales = 'OPEN' | 'CLOSED';

/** A section's row as it stands while its lock is held. Counts are places unless said otherwise. */
export interface SectionRow {
  readonly id: string;
  readonly eventId: string;
  /** The event's first section, whose row is locked as well where a limit is one of the whole event; null in that one. */
  readonly firstSectionId: string | null;
  readonly sales: Sales;
  /** Whether its places are seats that have names. */
  readonly isSeated: boolean;
  readonly rules: SectionRules;
  readonly capacity: number;
  readonly booked: number;
  /** Places of the holds that are HELD, offers to the line included. */
  readonly held: number;
  readonly available: number;
  /** Number of confirmed bookings. */
  readonly bookings: number;
  /** Number of entries that wait in the line; who has an offer waits no more. */
  readonly waiting: number;
  /** The seq given last to an entry of the line. */
  readonly lastSeq: number;
  /** Number of changes so far. */
  readonly version: number;
  /**
   * No hold of the section expires before this; null if none is HELD. A lower bound, so that a batch
   * knows without a query whether any is overdue.
   */
  readonly holdsExpireAt: Date | null;
}

/**
 * The row of a section under its lock: the only place that changes it. Asking for the impossible is
 * a bug of the caller and throws; the rules ask first.
 */
export class LockedSection {
  private current: SectionRow;

  constructor(private readonly stored: SectionRow) {
    this.current = stored;
  }

  get row(): SectionRow {
    return this.current;
  }

  /** A counter never changes without a version; the bound on the holds does, when it was too low. */
  get isChanged(): boolean {
    const { version, holdsExpireAt } = this.stored;
    return (
      this.current.version !== version ||
      timeOf(this.current.holdsExpireAt) !== timeOf(holdsExpireAt)
    );
  }

  /** Whether more than its counters changed. */
  get hasNewSettings(): boolean {
    const { sales, capacity, rules } = this.stored;
    return (
      this.current.sales !== sales ||
      this.current.capacity !== capacity ||
      this.current.rules !== rules
    );
  }

  fits(places: number): boolean {
    return places <= this.current.available;
  }

  /** Counts one change and gives it its number. */
  nextVersion(): number {
    this.change({ version: this.current.version + 1 });
    return this.current.version;
  }

  /** Places go to a new booking. */
  book(places: number): void {
    this.change({
      available: this.current.available - places,
      booked: this.current.booked + places,
      bookings: this.current.bookings + 1,
    });
  }

  /** Booked places become available; `endsBooking` if none are left in their booking. */
  unbook(places: number, endsBooking: boolean): void {
    this.change({
      available: this.current.available + places,
      booked: this.current.booked - places,
      bookings: this.current.bookings - (endsBooking ? 1 : 0),
    });
  }

  /** Places go to a new hold. */
  hold(places: number, expiresAt: Date): void {
    const { available, held, holdsExpireAt } = this.current;
    const isFirst = holdsExpireAt === null || expiresAt < holdsExpireAt;
    this.change({
      available: available - places,
      held: held + places,
      holdsExpireAt: isFirst ? expiresAt : holdsExpireAt,
    });
  }

  /** The places of a hold go to a new booking. */
  confirmHold(places: number): void {
    this.changeHeld(places, {
      booked: this.current.booked + places,
      bookings: this.current.bookings + 1,
    });
  }

  /** The places of a hold become available. */
  releaseHold(places: number): void {
    this.changeHeld(places, { available: this.current.available + places });
  }

  /** Says when the next hold expires, after somebody has looked. */
  expectExpiry(next: Date | null): void {
    this.change({ holdsExpireAt: next });
  }

  /** Someone joins the line; returns the entry's seq, higher than any before it. */
  enqueue(): number {
    this.change({ waiting: this.current.waiting + 1, lastSeq: this.current.lastSeq + 1 });
    return this.current.lastSeq;
  }

  /** Someone waits no longer, whether he was given places or not. */
  dequeue(): void {
    this.change({ waiting: this.current.waiting - 1 });
  }

  /** Adds free places, or takes them away. */
  resize(capacity: number): void {
    this.change({ capacity, available: this.current.available + capacity - this.current.capacity });
  }

  setRules(rules: SectionRules): void {
    this.change({ rules });
  }

  setSales(sales: Sales): void {
    this.change({ sales });
  }

  /** Without a hold there is no time to look out for. */
  private changeHeld(places: number, part: Partial<SectionRow>): void {
    const held = this.current.held - places;
    this.change({ ...part, held, ...(held === 0 && { holdsExpireAt: null }) });
  }

  private change(part: Partial<SectionRow>): void {
    const next = { ...this.current, ...part };
    const counts = [next.available, next.booked, next.held, next.bookings, next.waiting];
    if (counts.some((count) => count < 0)) {
      throw new Error(`A counter of section ${next.id} would fall below zero`);
    }
    if (next.bookings > next.booked) {
      throw new Error(`Section ${next.id} would have a booking without a place`);
    }
    this.current = next;
  }
}

const timeOf = (date: Date | null): number | null => date?.getTime() ?? null;
