import type { WaitingEntry } from './waitlist-entry.js';

/**
 * A part of a waitlist as it was loaded: of all WAITING entries for at least `minQuantity` and at most
 * `maxQuantity` places, the first by seq. `isWhole` if there are no others of these quantities.
 *
 * Windows may overlap. Which ones a batch needs is decided by `planWaitlistLoad`.
 */
export interface WaitlistWindow {
  readonly minQuantity: number;
  readonly maxQuantity: number;
  /** By seq. */
  readonly entries: readonly WaitingEntry[];
  readonly isWhole: boolean;
}

/**
 * WAITING entries, in one queue for each quantity. The first entry of all, and the first that fits, is
 * always the head of a queue. However long the waitlist is, it has few different quantities.
 */
export class WaitlistQueue {
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

/** How far a waitlist is loaded: up to which seq, for each quantity. */
export class Horizon {
  /** By `from`, ascending: each step holds from this quantity up to that of the next one. */
  private readonly steps: readonly Step[];

  constructor(windows: readonly WaitlistWindow[]) {
    const edges = windows.flatMap(({ minQuantity, maxQuantity }) => [minQuantity, maxQuantity + 1]);
    const starts = [...new Set([1, ...edges])].filter(Number.isFinite).sort((a, b) => a - b);
    const remaining = [...windows].sort((a, b) => b.minQuantity - a.minQuantity);
    let open: WaitlistWindow[] = [];
    let lowest = Infinity;
    this.steps = starts.map((from) => {
      open = open.filter(({ maxQuantity }) => maxQuantity >= from);
      while ((remaining.at(-1)?.minQuantity ?? Infinity) <= from) open.push(remaining.pop()!);
      const seq = Math.max(0, ...open.map(lastSeq));
      lowest = Math.min(lowest, seq);
      return { from, seq, lowest };
    });
  }

  /** Every entry for at most `places` places with a seq up to this is loaded. */
  upTo(places: number): number {
    return this.steps.findLast(({ from }) => from <= places)?.lowest ?? Infinity;
  }

  /** Whether every entry for more than `places` places is loaded. */
  isWholeAbove(places: number): boolean {
    const last = this.steps.findLastIndex(({ from }) => from <= places + 1);
    return this.steps.slice(last).every(({ seq }) => seq === Infinity);
  }
}

interface Step {
  readonly from: number;
  readonly seq: number;
  /** The lowest seq of this step and those before. */
  readonly lowest: number;
}

const lastSeq = ({ entries, isWhole }: WaitlistWindow): number =>
  isWhole ? Infinity : (entries.at(-1)?.seq ?? 0);
