import type { WaitingEntry } from './waitlist-entry.js';

/**
 * Entries that wait, in a queue for each number of places wanted: whoever is first of all, and
 * whoever is first of those whom some places fit, stands at the head of one of them. However long
 * the line is, few different numbers of places are wanted.
 */
export class QuantityQueues {
  private readonly byQuantity = new Map<number, { entries: WaitingEntry[]; next: number }>();
  private readonly gone = new Set<WaitingEntry>();
  private added = 0;

  get length(): number {
    return this.added - this.gone.size;
  }

  /** Adds somebody behind all who were added before; {@link sort} if that was not the order. */
  add(entry: WaitingEntry): void {
    const queue = this.byQuantity.get(entry.quantity);
    if (queue === undefined) this.byQuantity.set(entry.quantity, { entries: [entry], next: 0 });
    else queue.entries.push(entry);
    this.added += 1;
  }

  remove(entry: WaitingEntry): void {
    this.gone.add(entry);
  }

  sort(): void {
    for (const { entries } of this.byQuantity.values()) entries.sort((a, b) => a.seq - b.seq);
  }

  /** The first of those who want no more than `places`. */
  first(places: number): WaitingEntry | undefined {
    let first: WaitingEntry | undefined;
    for (const [quantity, queue] of this.byQuantity) {
      if (quantity > places) continue;
      while (this.gone.has(queue.entries[queue.next]!)) queue.next += 1;
      const head = queue.entries[queue.next];
      if (head !== undefined && (first === undefined || head.seq < first.seq)) first = head;
    }
    return first;
  }
}
