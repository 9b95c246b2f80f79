import type { WaitingEntry } from './waitlist-entry.js';

/**
 * WAITING entries, in one queue for each quantity. The first entry of all, and the first that fits, is
 * always the head of a queue. However long the waitlist is, it has few different quantities.
 */
export class QuantityQueues {
  private readonly byQuantity = new Map<number, { entries: WaitingEntry[]; next: number }>();
  private readonly removed = new Set<WaitingEntry>();
  private added = 0;

  get length(): number {
    return this.added - this.removed.size;
  }

  /** Appends an entry. Call {@link sort} if entries were not added by seq. */
  add(entry: WaitingEntry): void {
    const queue = this.byQuantity.get(entry.quantity);
    if (queue === undefined) this.byQuantity.set(entry.quantity, { entries: [entry], next: 0 });
    else queue.entries.push(entry);
    this.added += 1;
  }

  remove(entry: WaitingEntry): void {
    this.removed.add(entry);
  }

  sort(): void {
    for (const { entries } of this.byQuantity.values()) entries.sort((a, b) => a.seq - b.seq);
  }

  /** The first entry, by seq, that wants at most `places`. */
  first(places: number): WaitingEntry | undefined {
    let first: WaitingEntry | undefined;
    for (const [quantity, queue] of this.byQuantity) {
      if (quantity > places) continue;
      while (this.removed.has(queue.entries[queue.next]!)) queue.next += 1;
      const head = queue.entries[queue.next];
      if (head !== undefined && (first === undefined || head.seq < first.seq)) first = head;
    }
    return first;
  }
}
