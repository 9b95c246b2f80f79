import type { LockedSection } from '../state/locked-section.js';
import type { EntryEnd, EntryStatus, WaitlistEntry, WaitingEntry } from './waitlist-entry.js';
import { Horizon, WaitlistQueue, type WaitlistWindow } from './waitlist-queue.js';

/** The changes that a batch has to write. */
export interface WaitlistChanges {
  /** Entries of this batch, in their final state. */
  readonly joined: readonly WaitlistEntry[];
  /** Older entries that were WAITING and are OFFERED now. */
  readonly offered: readonly { readonly id: string; readonly holdId: string }[];
  /** Ids of older entries that ended. */
  readonly ended: Readonly<Record<EntryEnd, readonly string[]>>;
  /** Seqs of older entries that no longer wait, offered or ended. */
  readonly stoppedWaiting: readonly number[];
}

/** An entry and its status so far. */
interface TrackedEntry {
  readonly entry: WaitingEntry;
  /** Undefined if it joined in this batch. */
  readonly statusBefore: EntryStatus | undefined;
  status: EntryStatus;
  holdId: string | null;
}

/**
 * The waitlist of one section, as far as a batch can need it: windows on its WAITING entries, the
 * entries that concern the batch, and those that join in it. The rest stays in the database. If the
 * next entry might be one that is not loaded, it throws.
 */
export class Waitlist {
  private readonly byId = new Map<string, TrackedEntry>();
  private readonly openByUser = new Map<string, TrackedEntry>();
  private readonly queue = new WaitlistQueue();
  private readonly horizon: Horizon;

  /**
   * @param windows on the WAITING entries
   * @param concerned entries of the people and ids in the batch, in any status; they may be in the
   *   windows as well
   */
  constructor(
    private readonly section: LockedSection,
    windows: readonly WaitlistWindow[] = [],
    concerned: readonly WaitlistEntry[] = [],
  ) {
    for (const { entries } of windows) for (const entry of entries) this.load(entry);
    for (const entry of concerned) this.load(entry);
    this.queue.sort();
    // Nobody can join who wants more than the section has.
    const aboveCapacity = { ...FULL_WINDOW, minQuantity: section.row.capacity + 1 };
    this.horizon = new Horizon(this.isWhole() ? [FULL_WINDOW] : [...windows, aboveCapacity]);
  }

  get isEmpty(): boolean {
    return this.section.row.waiting === 0;
  }

  /** The person's WAITING or OFFERED entry; there is at most one. */
  openEntryOf(userId: string): WaitlistEntry | undefined {
    return toWaitlistEntry(this.openByUser.get(userId));
  }

  find(entryId: string): WaitlistEntry | undefined {
    return toWaitlistEntry(this.byId.get(entryId));
  }

  /** Adds an entry at the end. Its position is the number of entries that now wait. */
  join(newEntry: Omit<WaitingEntry, 'seq'>): { entry: WaitingEntry; position: number } {
    const entry = { ...newEntry, seq: this.section.enqueue() };
    this.track({ entry, statusBefore: undefined, status: 'WAITING', holdId: null });
    return { entry, position: this.section.row.waiting };
  }

  /** The next entry to get some of `places` free places: the head, or the first that fits. */
  next(places: number): WaitingEntry | undefined {
    const isStrict = this.section.row.rules.fit === 'strict';
    const quantityMax = isStrict ? Infinity : places;
    const first = this.queue.first(quantityMax);
    const horizon = this.horizon.upTo(quantityMax);
    if ((first?.seq ?? Infinity) > horizon) {
      throw new Error(`Too little of the waitlist of section ${this.section.row.id} was loaded`);
    }
    return first !== undefined && first.quantity <= places ? first : undefined;
  }

  /** All WAITING entries for more than `places` places. */
  waitingForMoreThan(places: number): readonly WaitingEntry[] {
    if (!this.isEmpty && !this.horizon.isWholeAbove(places)) {
      throw new Error(`Not all entries for more than ${places} places were loaded`);
    }
    return this.loadedWaiting.filter(({ quantity }) => quantity > places);
  }

  /** The WAITING entries that are loaded, by seq. */
  get loadedWaiting(): readonly WaitingEntry[] {
    const waiting = [...this.byId.values()].filter(({ status }) => status === 'WAITING');
    return waiting.map(({ entry }) => entry).sort((a, b) => a.seq - b.seq);
  }

  offer(entryId: string, holdId: string): void {
    const tracked = this.inStatus(entryId, ['WAITING']);
    this.leaveQueue(tracked);
    tracked.status = 'OFFERED';
    tracked.holdId = holdId;
  }

  end(entryId: string, end: EntryEnd): void {
    const tracked = this.inStatus(entryId, STATUSES_BEFORE[end]);
    if (tracked.status === 'WAITING') this.leaveQueue(tracked);
    tracked.status = end;
    tracked.holdId = null;
    this.openByUser.delete(tracked.entry.userId);
  }

  changes(): WaitlistChanges {
    const all = [...this.byId.values()];
    const changed = all.filter(
      ({ statusBefore, status }) => statusBefore !== undefined && statusBefore !== status,
    );
    const idsOf = (end: EntryEnd) =>
      changed.filter(({ status }) => status === end).map(({ entry }) => entry.id);
    return {
      joined: all
        .filter(({ statusBefore }) => statusBefore === undefined)
        .map(({ entry, status, holdId }) => ({ ...entry, status, holdId })),
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
      stoppedWaiting: changed
        .filter(({ statusBefore }) => statusBefore === 'WAITING')
        .map(({ entry }) => entry.seq),
    };
  }

  private load(row: WaitingEntry | WaitlistEntry): void {
    if (this.byId.has(row.id)) return;
    const { status, holdId, ...entry } = { status: 'WAITING' as const, holdId: null, ...row };
    this.track({ entry, statusBefore: status, status, holdId });
  }

  private track(tracked: TrackedEntry): void {
    const { entry, status } = tracked;
    this.byId.set(entry.id, tracked);
    if (status === 'WAITING') this.queue.add(entry);
    if (status === 'WAITING' || status === 'OFFERED') this.openByUser.set(entry.userId, tracked);
  }

  private leaveQueue({ entry }: TrackedEntry): void {
    this.queue.remove(entry);
    this.section.dequeue();
  }

  private isWhole(): boolean {
    return this.queue.length === this.section.row.waiting;
  }

  private inStatus(entryId: string, expected: readonly EntryStatus[]): TrackedEntry {
    const tracked = this.byId.get(entryId);
    if (tracked === undefined || !expected.includes(tracked.status)) {
      const status = tracked?.status ?? 'not loaded';
      throw new Error(`Waitlist entry ${entryId} is ${status}, not ${expected.join(' or ')}`);
    }
    return tracked;
  }
}

const FULL_WINDOW: WaitlistWindow = {
  minQuantity: 1,
  maxQuantity: Infinity,
  entries: [],
  isWhole: true,
};

/** The statuses from which an entry can end like this. */
const STATUSES_BEFORE: Readonly<Record<EntryEnd, readonly EntryStatus[]>> = {
  PROMOTED: ['WAITING', 'OFFERED'],
  LEFT: ['WAITING'],
  VOIDED: ['WAITING', 'OFFERED'],
  DECLINED: ['OFFERED'],
  EXPIRED: ['OFFERED'],
};

const toWaitlistEntry = (tracked: TrackedEntry | undefined): WaitlistEntry | undefined =>
  tracked && { ...tracked.entry, status: tracked.status, holdId: tracked.holdId };
