import type { Price } from './price.js';
import { CountersError } from './counters-error.js';
import type { SectionRules } from './section-rules.js';

/** Whether a section is on sale. Follows its event: PUBLISHED is OPEN, anything else is CLOSED. */
export type Sales = 'OPEN' | 'CLOSED';

/** A section's row, read under its lock. Counts are places unless they say otherwise. */
export interface SectionRow {
  readonly id: string;
  readonly eventId: string;
  /** The event's first section, also locked where a limit spans the event; null in that one itself. */
  readonly firstSectionId: string | null;
  readonly sales: Sales;
  /** Whether its places are numbered seats. */
  readonly isSeated: boolean;
  readonly rules: SectionRules;
  /** Of one place; null if no price is set. Places that are given keep it: later edits do not change theirs. */
  readonly price: Price | null;
  readonly capacity: number;
  readonly booked: number;
  /** Places of HELD holds, offers included. */
  readonly held: number;
  readonly available: number;
  /** Number of confirmed bookings. */
  readonly bookings: number;
  /** Number of WAITING entries; OFFERED ones no longer count. */
  readonly waiting: number;
  /** The highest seq given to a waitlist entry. */
  readonly lastSeq: number;
  /** Number of changes so far. */
  readonly version: number;
  /**
   * A lower bound: no HELD hold expires before this; null if there is none. It tells a batch without a
   * query that nothing is overdue.
   */
  readonly holdsExpireAt: Date | null;
}

/**
 * The row of a section under its lock, and the only code that changes it. The rules check first: an
 * impossible change is a bug, or its counters are wrong, and throws.
 */
export class LockedSection {
  private current: SectionRow;

  /** @param isWaitlistCounted whether its WAITING entries are counted in blocks, up to this version */
  constructor(
    private readonly stored: SectionRow,
    readonly isWaitlistCounted = true,
  ) {
    this.current = stored;
  }

  get row(): SectionRow {
    return this.current;
  }

  /** Every change counts a version, except raising a `holdsExpireAt` that was too low. */
  get isChanged(): boolean {
    const { version, holdsExpireAt } = this.stored;
    return (
      this.current.version !== version ||
      toMilliseconds(this.current.holdsExpireAt) !== toMilliseconds(holdsExpireAt)
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

  hasAvailable(places: number): boolean {
    return places <= this.current.available;
  }

  /** False means that no hold is overdue; true, that they have to be read. */
  mayHaveOverdueHolds(now: Date): boolean {
    const { holdsExpireAt } = this.current;
    return holdsExpireAt !== null && holdsExpireAt <= now;
  }

  /** Counts one change and returns its number. */
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

  /** Sets when the next hold expires, as it was read. */
  setNextExpiry(next: Date | null): void {
    this.change({ holdsExpireAt: next });
  }

  /** An entry starts to wait. Returns its seq, higher than any before. */
  enqueue(): number {
    this.change({ waiting: this.current.waiting + 1, lastSeq: this.current.lastSeq + 1 });
    return this.current.lastSeq;
  }

  /** An entry no longer waits, whether it got places or not. */
  dequeue(): void {
    this.change({ waiting: this.current.waiting - 1 });
  }

  /** Adds or removes free places. */
  resize(capacity: number): void {
    this.change({ capacity, available: this.current.available + capacity - this.current.capacity });
  }

  setRules(rules: SectionRules): void {
    this.change({ rules });
  }

  setSales(sales: Sales): void {
    this.change({ sales });
  }

  /** Once nothing is held, no expiry is due. */
  private changeHeld(places: number, part: Partial<SectionRow>): void {
    const held = this.current.held - places;
    this.change({ ...part, held, ...(held === 0 && { holdsExpireAt: null }) });
  }

  private change(part: Partial<SectionRow>): void {
    const next = { ...this.current, ...part };
    const counts = [next.available, next.booked, next.held, next.bookings, next.waiting];
    if (counts.some((count) => count < 0)) {
      throw new CountersError(
        `A counter of section ${next.id} would fall below zero`,
        next.eventId,
      );
    }
    if (next.bookings > next.booked) {
      throw new CountersError(
        `Section ${next.id} would have a booking without a place`,
        next.eventId,
      );
    }
    this.current = next;
  }
}

const toMilliseconds = (date: Date | null): number | null => date?.getTime() ?? null;
