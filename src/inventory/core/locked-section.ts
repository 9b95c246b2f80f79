/** Whether a section sells now. Follows its event: PUBLISHED is OPEN, all else is CLOSED. */
export type Sales = 'OPEN' | 'CLOSED';

/** A section's row as it stands while its lock is held. Counts are places unless said otherwise. */
export interface SectionRow {
  readonly id: string;
  readonly eventId: string;
  readonly sales: Sales;
  readonly capacity: number;
  readonly booked: number;
  readonly held: number;
  readonly available: number;
  /** Number of confirmed bookings. */
  readonly bookings: number;
  /** Number of entries in the line. */
  readonly waiting: number;
  /** The seq given last to an entry of the line. */
  readonly lastSeq: number;
  /** Number of changes so far. */
  readonly version: number;
}

/**
 * The counters of a section under its row lock: the only place that adds or subtracts them.
 * Asking for the impossible is a bug of the caller and throws; the rules ask first.
 */
export class LockedSection {
  private row: SectionRow;

  constructor(private readonly stored: SectionRow) {
    this.row = stored;
  }

  get now(): SectionRow {
    return this.row;
  }

  get isChanged(): boolean {
    return this.row.version !== this.stored.version;
  }

  fits(places: number): boolean {
    return places <= this.row.available;
  }

  /** Counts one change and gives it its number. */
  nextVersion(): number {
    this.change({ version: this.row.version + 1 });
    return this.row.version;
  }

  /** Places go to a new booking. */
  book(places: number): void {
    this.change({
      available: this.row.available - places,
      booked: this.row.booked + places,
      bookings: this.row.bookings + 1,
    });
  }

  /** Booked places become available; `endsBooking` if none are left in their booking. */
  unbook(places: number, endsBooking: boolean): void {
    this.change({
      available: this.row.available + places,
      booked: this.row.booked - places,
      bookings: this.row.bookings - (endsBooking ? 1 : 0),
    });
  }

  /** Someone joins the line; returns the entry's seq, higher than any before it. */
  enqueue(): number {
    this.change({ waiting: this.row.waiting + 1, lastSeq: this.row.lastSeq + 1 });
    return this.row.lastSeq;
  }

  /** Someone leaves the line, promoted or not. */
  dequeue(): void {
    this.change({ waiting: this.row.waiting - 1 });
  }

  private change(part: Partial<SectionRow>): void {
    const next = { ...this.row, ...part };
    const counts = [next.available, next.booked, next.held, next.bookings, next.waiting];
    if (counts.some((count) => count < 0)) {
      throw new Error(`A counter of section ${next.id} would fall below zero`);
    }
    this.row = next;
  }
}
