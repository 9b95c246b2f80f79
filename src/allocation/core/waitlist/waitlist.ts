import type { LockedSection } from '../state/locked-section.js';
import type { EntryEnd, EntryStatus, WaitlistEntry, WaitingEntry } from './waitlist-entry.js';
import { Horizon, type WaitlistWindow } from './waitlist-window.js';
import { QuantityQueues } from './quantity-queues.js';

export type {
  EntryEnd,
  EntryStatus,
  WaitlistEntry,
  OfferedEntry,
  WaitingEntry,
} from './waitlist-entry.js';

/** Rows that a batch leaves behind in the line. */
export interface WaitlistChanges {
  /** Entries that joined in this batch, in their last state; `ended` is undefined if they wait. */
  readonly joined: readonly (WaitingEntry & {
    readonly ended: EntryEnd | 'OFFERED' | undefined;
    readonly holdId: string | null;
  })[];
  /** Older entries that waited and are OFFERED now. */
  readonly offered: readonly { readonly id: string; readonly holdId: string }[];
  /** Ids of older entries that ended in this batch, whether they had waited or been offered. */
  readonly ended: Readonly<Record<EntryEnd, readonly string[]>>;
}

/** One entry, with what has become of it so far. */
interface Standing {
  readonly entry: WaitingEntry;
  readonly statusBefore: EntryStatus | undefined;
  status: EntryStatus;
  holdId: string | null;
}

/**
 * The line of one section, while the section's lock is held. It knows as much of the line as a batch
 * can need (its windows), the entries of the people whom the batch is about, and whoever joins in
 * the batch; the rest stays in the database. Rather than let somebody in who might not be the first,
 * it throws.
 */
export class Waitlist {
  private readonly byId = new Map<string, Standing>();
  private readonly openByUser = new Map<string, Standing>();
  private readonly queues = new QuantityQueues();
  private readonly horizon: Horizon;

  /**
   * @param windows what is known of the line
   * @param concerned entries of the people and ids in the batch, wherever they stand; those who wait
   *   may be in the windows as well
   */
  constructor(
    private readonly section: LockedSection,
    windows: readonly WaitlistWindow[] = [],
    concerned: readonly WaitlistEntry[] = [],
  ) {
    for (const { entries } of windows) for (const entry of entries) this.load(entry);
    for (const entry of concerned) this.load(entry);
    this.queues.sort();
    const nobody = { ...FULL_WINDOW, minQuantity: section.row.capacity + 1 };
    this.horizon = new Horizon(this.isWhole() ? [FULL_WINDOW] : [...windows, nobody]);
  }

  get isEmpty(): boolean {
    return this.section.row.waiting === 0;
  }

  /** The entry of a person that waits or is offered places; there is one at most. */
  openEntryOf(userId: string): WaitlistEntry | undefined {
    return known(this.openByUser.get(userId));
  }

  find(entryId: string): WaitlistEntry | undefined {
    return known(this.byId.get(entryId));
  }

  /** Puts someone at the end. His position is the number that now wait. */
  join(person: Omit<WaitingEntry, 'seq'>): { entry: WaitingEntry; position: number } {
    const entry = { ...person, seq: this.section.enqueue() };
    this.enter({ entry, statusBefore: undefined, status: 'WAITING', holdId: null });
    return { entry, position: this.section.row.waiting };
  }

  /** Whose turn it is if so many places are free: the head's, or the first whom they fit. */
  next(places: number): WaitingEntry | undefined {
    const isStrict = this.section.row.rules.fit === 'strict';
    const reach = isStrict ? Infinity : places;
    const first = this.queues.first(reach);
    const horizon = this.horizon.upTo(reach);
    if ((first?.seq ?? Infinity) > horizon) {
      throw new Error(`The window on the line of section ${this.section.row.id} is too short`);
    }
    return first !== undefined && first.quantity <= places ? first : undefined;
  }

  /** Those who wait for more places than that, all of them. */
  loadedWaitingForMoreThan(places: number): readonly WaitingEntry[] {
    if (!this.isEmpty && !this.horizon.isWholeAbove(places)) {
      throw new Error(`Not all who wait for more than ${places} places were loaded`);
    }
    return this.loadedWaiting.filter(({ quantity }) => quantity > places);
  }

  /** All who wait and are known here, by seq. */
  get loadedWaiting(): readonly WaitingEntry[] {
    const waiting = [...this.byId.values()].filter(({ status }) => status === 'WAITING');
    return waiting.map(({ entry }) => entry).sort((a, b) => a.seq - b.seq);
  }

  offer(entryId: string, holdId: string): void {
    const standing = this.standing(entryId, ['WAITING']);
    this.leaveQueue(standing);
    standing.status = 'OFFERED';
    standing.holdId = holdId;
  }

  end(entryId: string, how: EntryEnd): void {
    const standing = this.standing(entryId, ENDS[how]);
    if (standing.status === 'WAITING') this.leaveQueue(standing);
    standing.status = how;
    standing.holdId = null;
    this.openByUser.delete(standing.entry.userId);
  }

  changes(): WaitlistChanges {
    const all = [...this.byId.values()];
    const changed = all.filter((one) => one.statusBefore && one.statusBefore !== one.status);
    const idsOf = (end: EntryEnd) =>
      changed.filter(({ status }) => status === end).map(({ entry }) => entry.id);
    return {
      joined: all
        .filter(({ statusBefore }) => statusBefore === undefined)
        .map(({ entry, status, holdId }) => {
          return { ...entry, ended: status === 'WAITING' ? undefined : status, holdId };
        }),
      offered: changed
        .filter(({ status }) => status === 'OFFERED')
        .map(({ entry, holdId }) => ({ id: entry.id, holdId: holdId! })),
      ended: {
        PROMOTED: idsOf('PROMOTED'),
        LEFT: idsOf('LEFT'),
        VOIDED: idsOf('VOIDED'),
        DECLINED: idsOf('DECLINED'),
        EXPIRED: idsOf('EXPIRED'),
      },
    };
  }

  private load(row: WaitingEntry | WaitlistEntry): void {
    if (this.byId.has(row.id)) return;
    const { status, holdId, ...entry } = { status: 'WAITING' as const, holdId: null, ...row };
    this.enter({ entry, statusBefore: status, status, holdId });
  }

  private enter(standing: Standing): void {
    const { entry, status } = standing;
    this.byId.set(entry.id, standing);
    if (status === 'WAITING') this.queues.add(entry);
    if (status === 'WAITING' || status === 'OFFERED') this.openByUser.set(entry.userId, standing);
  }

  private leaveQueue({ entry }: Standing): void {
    this.queues.remove(entry);
    this.section.dequeue();
  }

  private isWhole(): boolean {
    return this.queues.length === this.section.row.waiting;
  }

  private standing(entryId: string, from: readonly EntryStatus[]): Standing {
    const standing = this.byId.get(entryId);
    if (standing === undefined || !from.includes(standing.status)) {
      throw new Error(
        `Entry ${entryId} is ${standing?.status ?? 'not loaded'}, not ${from.join()}`,
      );
    }
    return standing;
  }
}

/** Nobody is let in who wants more than the section has, so of them everybody is known, too. */
const FULL_WINDOW: WaitlistWindow = {
  minQuantity: 1,
  maxQuantity: Infinity,
  entries: [],
  isWhole: true,
};

/** What an entry can have been before it ended like this. */
const ENDS: Readonly<Record<EntryEnd, readonly EntryStatus[]>> = {
  PROMOTED: ['WAITING', 'OFFERED'],
  LEFT: ['WAITING'],
  VOIDED: ['WAITING', 'OFFERED'],
  DECLINED: ['OFFERED'],
  EXPIRED: ['OFFERED'],
};

const known = (standing: Standing | undefined): WaitlistEntry | undefined =>
  standing && { ...standing.entry, status: standing.status, holdId: standing.holdId };
