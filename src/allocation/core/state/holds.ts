import type { Price } from './price.js';

export type HoldEnd = 'CONFIRMED' | 'RELEASED' | 'EXPIRED';

/** Places kept for one person until they confirm or release them, or until the hold expires. */
export interface Hold {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  readonly quantity: number;
  /** Of one place when the hold was made; null if the section had none. Its booking keeps it. */
  readonly price: Price | null;
  /** The hold is overdue from this moment on. */
  readonly expiresAt: Date;
  readonly createdAt: Date;
  readonly status: 'HELD' | HoldEnd;
  /** The entry it is offered to, if it is an offer. */
  readonly waitlistEntryId: string | null;
  /** Its seats by position while it is HELD; none in a section without seats. */
  readonly seatIds: readonly string[];
}

/** The changes that a batch has to write. */
export interface HoldChanges {
  /** Holds of this batch, in their final state. */
  readonly added: readonly Hold[];
  /** Ids of older holds that ended. */
  readonly ended: Readonly<Record<HoldEnd, readonly string[]>>;
}

/**
 * The holds of one section that concern a batch: those that commands name, the overdue ones (the first,
 * if there are very many), and those that the batch adds.
 */
export class Holds {
  private readonly byId = new Map<string, Hold>();
  private readonly added = new Set<string>();
  private readonly endedLoaded = new Set<string>();

  /**
   * @param nextExpiryAfterLoaded when the first hold expires of those that are not loaded or not
   *   overdue; null if there is none; undefined if it was not read, because nothing can be overdue
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

  /** The HELD ones, in order of expiry. */
  get held(): readonly Hold[] {
    const held = [...this.byId.values()].filter(({ status }) => status === 'HELD');
    return held.sort(byExpiry);
  }

  add(hold: Hold): void {
    this.byId.set(hold.id, hold);
    this.added.add(hold.id);
  }

  end(id: string, status: HoldEnd): Hold {
    const hold = this.byId.get(id);
    if (hold?.status !== 'HELD') throw new Error(`Hold ${id} is ${hold?.status ?? 'not loaded'}`);
    const ended = { ...hold, status };
    this.byId.set(id, ended);
    if (!this.added.has(id)) this.endedLoaded.add(id);
    return ended;
  }

  changes(): HoldChanges {
    const idsOf = (end: HoldEnd) =>
      [...this.endedLoaded].filter((id) => this.byId.get(id)!.status === end);
    return {
      added: [...this.added].map((id) => this.byId.get(id)!),
      ended: {
        CONFIRMED: idsOf('CONFIRMED'),
        RELEASED: idsOf('RELEASED'),
        EXPIRED: idsOf('EXPIRED'),
      },
    };
  }
}

type Expiring = Pick<Hold, 'id' | 'expiresAt'>;

/** Compares holds by expiry; ids break ties. */
export const byExpiry = (a: Expiring, b: Expiring): number =>
  a.expiresAt.getTime() - b.expiresAt.getTime() || (a.id < b.id ? -1 : 1);
