import type { Latency } from './plan.js';

/** A growing list of unboxed numbers. */
class Numbers {
  private values = new Float64Array(4096);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length] = value;
    this.length += 1;
  }

  toArray(): Float64Array {
    return this.values.slice(0, this.length);
  }
}

/** Exact percentiles: every latency is kept and sorted at the end. */
export function summarise(latencies: Float64Array): Latency {
  const sorted = latencies.toSorted();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const sum = sorted.reduce((total, one) => total + one, 0);
  return {
    count: sorted.length,
    mean: sorted.length === 0 ? 0 : sum / sorted.length,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p999: at(0.999),
    max: at(1),
  };
}

/** Collects answers. Times are in milliseconds of `performance.now()`. */
export class Recorder {
  readonly answers: Record<string, number> = {};
  private readonly latencies = new Numbers();
  private readonly perStep: number[] = [];
  private completedInWindow = 0;
  private lastAt = 0;

  constructor(
    private readonly windowStart: number,
    private readonly windowEnd: number,
    private readonly stepMs = 1000,
  ) {}

  /**
   * @param startedAt when the request was sent or, in an open loop, due
   * @param isCounted whether the workload measures this kind of answer
   */
  record(outcome: string, isCounted: boolean, startedAt: number, endedAt: number): void {
    this.answers[outcome] = (this.answers[outcome] ?? 0) + 1;
    if (!isCounted) return;
    // By start time, so that slow requests that end after the window are included.
    if (startedAt >= this.windowStart && startedAt < this.windowEnd) {
      this.latencies.push(endedAt - startedAt);
    }
    if (endedAt < this.windowStart) return;
    const step = Math.floor((endedAt - this.windowStart) / this.stepMs);
    this.perStep[step] = (this.perStep[step] ?? 0) + 1;
    if (endedAt >= this.windowEnd) return;
    this.completedInWindow += 1;
    this.lastAt = endedAt;
  }

  /** @param ranOutOfWork whether the work ran out before the end of the window */
  result(ranOutOfWork: boolean) {
    const end = ranOutOfWork ? this.lastAt : this.windowEnd;
    return {
      seconds: Math.max(0, end - this.windowStart) / 1000,
      completed: this.completedInWindow,
      perStep: Array.from(this.perStep, (count) => count ?? 0),
      stepSeconds: this.stepMs / 1000,
      latency: summarise(this.latencies.toArray()),
      answers: this.answers,
    };
  }
}
