export type HoldEnd = 'CONFIRMED' | 'RELEASED' | 'EXPIRED';

/** Places kept for one person until he confirms them, gives them back or lets the time pass. */
export interface Hold {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  readonly quantity: number;
  /** From this moment on it is over. */
  readonly expiresAt: Date;
  readonly createdAt: Date;
  readonly status: 'HELD' | HoldEnd;
  /** The entry it is an offer to, if it is one. */
  readonly waitlistEntryId: string | null;
  /** Its seats while it is HELD; none in a section without seats. */
  readonly seatIds: readonly string[];
}

/** Rows that a batch leaves behind. */
export interface HoldChanges {
  /** Holds made in this batch, in their last state. */
  readonly made: readonly Hold[];
  /** Ids of older holds that ended in this batch. */
  readonly ended: Readonly<Record<HoldEnd, readonly string[]>>;
}

/**
 * The holds of one section that a batch is about, while the section's lock is held: those that are
 * named, those that are overdue (of very many the first), and those made in the batch.
 */
export class Holds {
  private readonly byId = new Map<string, Hold>();
  private readonly made = new Set<string>();
  private readonly endedOld = new Set<string>();

  /**
   * @param nextExpiryAfterLoaded no HELD hold that is not loaded, and none that is not overdue,
   *   expires before this; null if there is none of them; undefined if nobody has looked, because the
   *   section's bound says that none is overdue
   */
  constructor(
    loaded: readonly Hold[] = [],
    readonly nextExpiryAfterLoaded?: Date | null,
  ) {
    for (const hold of loaded) this.byId.set(hold.id, hold);
  }

  find(id: string): Hold | undefined {
    return this.byId.get(id);
  }

  /** Those that are HELD, in the order in which they expire. */
  get held(): readonly Hold[] {
    const held = [...this.byId.values()].filter(({ status }) => status === 'HELD');
    return held.sort(byExpiry);
  }

  make(hold: Hold): void {
    this.byId.set(hold.id, hold);
    this.made.add(hold.id);
  }

  end(id: string, status: HoldEnd): Hold {
    const hold = this.byId.get(id);
    if (hold?.status !== 'HELD') throw new Error(`Hold ${id} is ${hold?.status ?? 'not loaded'}`);
    const ended = { ...hold, status };
    this.byId.set(id, ended);
    if (!this.made.has(id)) this.endedOld.add(id);
    return ended;
  }

  changes(): HoldChanges {
    const idsOf = (end: HoldEnd) =>
      [...this.endedOld].filter((id) => this.byId.get(id)!.status === end);
    return {
      made: [...this.made].map((id) => this.byId.get(id)!),
      ended: {
        CONFIRMED: idsOf('CONFIRMED'),
        RELEASED: idsOf('RELEASED'),
        EXPIRED: idsOf('EXPIRED'),
      },
    };
  }
}

type Expiring = Pick<Hold, 'id' | 'expiresAt'>;

/** In the order in which they expire. */
export const byExpiry = (a: Expiring, b: Expiring): number =>
  a.expiresAt.getTime() - b.expiresAt.getTime() || (a.id < b.id ? -1 : 1);
