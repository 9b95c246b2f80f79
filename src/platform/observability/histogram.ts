/** Seconds, from what memory takes to what nobody waits for. */
export const SECONDS_BUCKETS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** How values are spread. Counted in buckets: a value costs some nanoseconds and no memory. */
export class Histogram {
  /** Of each bound, values up to it that are above the bound before; last, those above all bounds. */
  readonly counts: readonly number[];
  private readonly buckets: number[];
  private total = 0;

  /** @param bounds rising */
  constructor(readonly bounds: readonly number[]) {
    this.buckets = Array.from({ length: bounds.length + 1 }, () => 0);
    this.counts = this.buckets;
  }

  /** Of all values. */
  get sum(): number {
    return this.total;
  }

  /** Values so far. */
  get count(): number {
    return this.buckets.reduce((sum, own) => sum + own, 0);
  }

  add(value: number): void {
    const { bounds } = this;
    let index = 0;
    while (index < bounds.length && value > bounds[index]!) index += 1;
    this.buckets[index]! += 1;
    this.total += value;
  }
}
