import type { WaitingEntry } from './waitlist-entry.js';

/**
 * A part of a line as it was loaded: of all who wait for at least `minQuantity` and at most
 * `maxQuantity` places, the first by seq. `isWhole` if there are no others of that size.
 *
 * - Under `strict` the head is looked for among all: one window from 1 to Infinity.
 * - Under `skip` it is looked for among those whom the free places fit: windows that together cover
 *   every quantity from 1 to the number of places that can be free ({@link windowsBySize}).
 * - A section that shrinks must know all who want more than it will hold: a whole window from the
 *   new capacity + 1 to Infinity.
 *
 * Windows may overlap; each is a promise of its own.
 */
export interface WaitlistWindow {
  readonly minQuantity: number;
  readonly maxQuantity: number;
  /** By seq. */
  readonly entries: readonly WaitingEntry[];
  readonly isWhole: boolean;
}

/** The first of those who want exactly `quantity` places. */
export interface SizeWindow {
  readonly quantity: number;
  readonly entries: readonly WaitingEntry[];
  readonly isWhole: boolean;
}

/**
 * The windows of `skip`.
 *
 * @param sizes one for every quantity up to `upTo` that anybody waits for
 * @param upTo the most places that can be free at once
 */
export function windowsBySize(sizes: readonly SizeWindow[], upTo: number): WaitlistWindow[] {
  const known = sizes.map(({ quantity, ...part }): WaitlistWindow => {
    return { minQuantity: quantity, maxQuantity: quantity, ...part };
  });
  const wanted = sizes.map(({ quantity }) => quantity).filter((quantity) => quantity <= upTo);
  const edges = [0, ...wanted.sort((a, b) => a - b), upTo + 1];
  // Nobody waits for the numbers of places in between.
  const gaps = edges.slice(1).map((edge, index): WaitlistWindow => {
    return { minQuantity: edges[index]! + 1, maxQuantity: edge - 1, entries: [], isWhole: true };
  });
  return [...known, ...gaps.filter(({ minQuantity, maxQuantity }) => minQuantity <= maxQuantity)];
}

/** How far a line is known to those who want no more than some number of places. */
export class Horizon {
  /** From each of these quantities on (ascending), up to which seq everybody is known. */
  private readonly steps: readonly Step[];

  constructor(windows: readonly WaitlistWindow[]) {
    const edges = windows.flatMap(({ minQuantity, maxQuantity }) => [minQuantity, maxQuantity + 1]);
    const starts = [...new Set([1, ...edges])].filter(Number.isFinite).sort((a, b) => a - b);
    const coming = [...windows].sort((a, b) => b.minQuantity - a.minQuantity);
    let open: WaitlistWindow[] = [];
    let lowest = Infinity;
    this.steps = starts.map((from) => {
      open = open.filter(({ maxQuantity }) => maxQuantity >= from);
      while ((coming.at(-1)?.minQuantity ?? Infinity) <= from) open.push(coming.pop()!);
      const seq = Math.max(0, ...open.map(lastSeq));
      lowest = Math.min(lowest, seq);
      return { from, seq, lowest };
    });
  }

  /** Everybody who wants at most `places` and has a seq up to this is known. */
  upTo(places: number): number {
    return this.steps.findLast(({ from }) => from <= places)?.lowest ?? Infinity;
  }

  /** Whether all are known who want more than `places`. */
  isWholeAbove(places: number): boolean {
    const last = this.steps.findLastIndex(({ from }) => from <= places + 1);
    return this.steps.slice(last).every(({ seq }) => seq === Infinity);
  }
}

interface Step {
  readonly from: number;
  readonly seq: number;
  /** The lowest seq so far. */
  readonly lowest: number;
}

const lastSeq = ({ entries, isWhole }: WaitlistWindow): number =>
  isWhole ? Infinity : (entries.at(-1)?.seq ?? 0);
