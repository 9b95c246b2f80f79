import type { LoadResult } from '../load/plan.js';

/** One measurement of one strategy, and the resources it used. */
export interface Round extends LoadResult {
  /** Counted answers per second. */
  readonly rate: number;
  /** Transactions that the database committed meanwhile. */
  readonly commits: number;
  /** The highest resident memory of the service; NaN if it was not running. */
  readonly peakMb: number;
  /** Average number of busy processors, warm-up included; NaN if unknown. */
  readonly processors: {
    readonly service: number;
    readonly database: number;
    readonly generator: number;
  };
}

/** The rounds of one strategy under one condition. */
export interface Measurement {
  readonly strategy: string;
  readonly condition: string;
  /** The counted answers: `bookings`, `cancels`, `reads` or `requests`. */
  readonly unit: string;
  readonly rounds: readonly Round[];
}

export interface TimeSeries {
  readonly name: string;
  readonly unit: string;
  /** One value for each step. */
  readonly values: readonly number[];
  readonly stepSeconds: number;
}

export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly measurements: readonly Measurement[];
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly series: readonly TimeSeries[];
  /** Promises that did not hold. If there are any, the report shows nothing else of the scenario. */
  readonly violations: readonly string[];
}

export type Metric = (round: Round) => number;

export const rate: Metric = (round) => round.rate;
export const p50: Metric = (round) => round.latency.p50;
export const p99: Metric = (round) => round.latency.p99;
export const peakMb: Metric = (round) => round.peakMb;

/** Milliseconds until everybody had an answer: never, if somebody got none. */
export function lastAnswer({ answers, latency }: Round): number {
  const unanswered = (answers['no answer'] ?? 0) + (answers['connection lost'] ?? 0);
  return unanswered > 0 || latency.count === 0 ? Infinity : latency.max;
}

/** Requests without an answer, and answers with an error status. */
export const failures: Metric = (round) =>
  Object.entries(round.answers).reduce((sum, [outcome, count]) => {
    return FAILURE.test(outcome) ? sum + count : sum;
  }, 0);

const FAILURE = /^(HTTP|connection|no) /;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return sorted.length === 0 ? NaN : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const medianOf = (measurement: Measurement, metric: Metric): number =>
  median(measurement.rounds.map(metric));

/**
 * Ratios round by round. Both measurements of a round ran right after each other, so a machine that is slow
 * for a while slows both.
 */
export function ratiosOf(measured: Measurement, reference: Measurement, metric: Metric): number[] {
  const rounds = Math.min(measured.rounds.length, reference.rounds.length);
  return Array.from({ length: rounds }, (_, index) => {
    return metric(measured.rounds[index]!) / metric(reference.rounds[index]!);
  });
}

export const ratioOf = (measured: Measurement, reference: Measurement, metric: Metric): number =>
  median(ratiosOf(measured, reference, metric));

/** Requests without an answer, and answers with an error status. */
export function failuresOf(measurement: Measurement): Record<string, number> {
  const failed: Record<string, number> = {};
  for (const { answers } of measurement.rounds) {
    for (const [outcome, count] of Object.entries(answers)) {
      if (FAILURE.test(outcome)) failed[outcome] = (failed[outcome] ?? 0) + count;
    }
  }
  return failed;
}

/** Average number of changes in one COMMIT: the batch size. */
export function perCommit(round: Round): number {
  const written = ['booked', 'waitlisted', 'cancelled', 'left'].reduce(
    (sum, outcome) => sum + (round.answers[outcome] ?? 0),
    0,
  );
  return round.commits === 0 ? 0 : written / round.commits;
}

/** Groups rounds by strategy and condition, in the order of their first round. */
export class Measurements {
  private readonly byKey = new Map<string, Measurement & { rounds: Round[] }>();

  add(kind: Omit<Measurement, 'rounds'>, round: Round): void {
    const key = `${kind.strategy}/${kind.condition}`;
    const known = this.byKey.get(key);
    if (known === undefined) this.byKey.set(key, { ...kind, rounds: [round] });
    else known.rounds.push(round);
  }

  get all(): Measurement[] {
    return [...this.byKey.values()];
  }
}
