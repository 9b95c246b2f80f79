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
