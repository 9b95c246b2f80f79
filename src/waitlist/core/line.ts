import type { LockedSection } from '../../inventory/core/locked-section.js';

/** An entry that waits. */
export interface WaitingEntry {
  readonly id: string;
  readonly eventId: string;
  readonly sectionId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly seq: number;
  readonly createdAt: Date;
}

/** How an entry stopped waiting. */
export type EntryEnd = 'PROMOTED' | 'LEFT';

/** Rows that a batch leaves behind in the line. */
export interface LineChanges {
  /** Entries that joined in this batch, with how they ended if they did so within it. */
  readonly joined: readonly (WaitingEntry & { readonly ended: EntryEnd | undefined })[];
  /** Ids of entries from before that ended in this batch. */
  readonly ended: Readonly<Record<EntryEnd, readonly string[]>>;
}

/**
 * The line of one section, first come first served, while the section's lock is held. It knows the
 * head of the line as far as a batch can need it (the window), the entries of the people whom the
 * batch is about, and whoever joins in the batch; the rest stays in the database.
 */
export class Line {
  private readonly waitingByUser = new Map<string, WaitingEntry>();
  private readonly endedBy = new Map<WaitingEntry, EntryEnd>();
  private readonly joined = new Set<WaitingEntry>();
  private readonly inOrder: WaitingEntry[];
  private readonly windowIsWhole: boolean;
  private next = 0;

  /**
   * @param window the first entries of the line, by seq
   * @param ofPeople entries of the people concerned, wherever they stand
   */
  constructor(
    private readonly section: LockedSection,
    window: readonly WaitingEntry[],
    ofPeople: readonly WaitingEntry[] = [],
  ) {
    this.inOrder = [...window];
    this.windowIsWhole = window.length === section.now.waiting;
    const known = new Map(window.map((entry) => [entry.id, entry]));
    for (const entry of window) this.waitingByUser.set(entry.userId, entry);
    for (const entry of ofPeople) {
      this.waitingByUser.set(entry.userId, known.get(entry.id) ?? entry);
    }
  }

  get isEmpty(): boolean {
    return this.section.now.waiting === 0;
  }

  entryOf(userId: string): WaitingEntry | undefined {
    return this.waitingByUser.get(userId);
  }

  /** Puts someone at the end. His position is the number that now wait. */
  join(person: Omit<WaitingEntry, 'seq'>): { entry: WaitingEntry; position: number } {
    const entry = { ...person, seq: this.section.enqueue() };
    this.joined.add(entry);
    if (this.windowIsWhole) this.inOrder.push(entry);
    this.waitingByUser.set(entry.userId, entry);
    return { entry, position: this.section.now.waiting };
  }

  leave(entry: WaitingEntry): void {
    this.end(entry, 'LEFT');
  }

  /** Takes the head off the line if it wants no more than `places`: whoever is second waits. */
  takeNext(places: number): WaitingEntry | undefined {
    const head = this.head();
    if (head === undefined || head.quantity > places) return undefined;
    this.end(head, 'PROMOTED');
    return head;
  }

  changes(): LineChanges {
    const old = [...this.endedBy].filter(([entry]) => !this.joined.has(entry));
    const idsOf = (end: EntryEnd) => old.filter((one) => one[1] === end).map(([entry]) => entry.id);
    return {
      joined: [...this.joined].map((entry) => ({ ...entry, ended: this.endedBy.get(entry) })),
      ended: { PROMOTED: idsOf('PROMOTED'), LEFT: idsOf('LEFT') },
    };
  }

  private head(): WaitingEntry | undefined {
    while (this.next < this.inOrder.length && this.endedBy.has(this.inOrder[this.next]!)) {
      this.next += 1;
    }
    const head = this.inOrder[this.next];
    if (head === undefined && !this.isEmpty) {
      throw new Error(`The window on the line of section ${this.section.now.id} is too short`);
    }
    return head;
  }

  private end(entry: WaitingEntry, how: EntryEnd): void {
    this.endedBy.set(entry, how);
    this.waitingByUser.delete(entry.userId);
    this.section.dequeue();
  }
}
