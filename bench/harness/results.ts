import type { LoadResult } from '../load/plan.js';

/** One measurement of one strategy, with what it cost. */
export interface Round extends LoadResult {
  /** Counted answers a second. */
  readonly rate: number;
  /** Transactions the server committed in the meantime (0 if nothing was written). */
  readonly commits: number;
  /** Processors used on average over the whole run, warm-up included. */
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
  /** What is counted: `bookings`, `cancels`, `reads`, `requests`. */
  readonly unit: string;
  readonly rounds: readonly Round[];
}

export interface TimeSeries {
  readonly name: string;
  readonly unit: string;
  /** One value a step. */
  readonly values: readonly number[];
  readonly stepSeconds: number;
}

export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  /** What was done, in a sentence. */
  readonly about: string;
  readonly measurements: readonly Measurement[];
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly series: readonly TimeSeries[];
  /** What was promised and did not hold: then nothing of the scenario is shown but this. */
  readonly violations: readonly string[];
}

export type Pick = (round: Round) => number;

export const rate: Pick = (round) => round.rate;
export const p50: Pick = (round) => round.latency.p50;
export const p99: Pick = (round) => round.latency.p99;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle]!;
  return sorted.length === 0 ? NaN : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const medianOf = (measurement: Measurement, pick: Pick): number =>
  median(measurement.rounds.map(pick));

/**
 * Ratios round by round. The two of a round ran one right after the other, so a neighbour who makes
 * the machine slow for a while slows both.
 */
export function ratiosOf(over: Measurement, under: Measurement, pick: Pick): number[] {
  const rounds = Math.min(over.rounds.length, under.rounds.length);
  return Array.from({ length: rounds }, (_, index) => {
    return pick(over.rounds[index]!) / pick(under.rounds[index]!);
  });
}

export const ratioOf = (over: Measurement, under: Measurement, pick: Pick): number =>
  median(ratiosOf(over, under, pick));

/** Answers that were none, or not the wished ones. */
export function faultsOf(measurement: Measurement): Record<string, number> {
  const faults: Record<string, number> = {};
  for (const { answers } of measurement.rounds) {
    for (const [outcome, count] of Object.entries(answers)) {
      if (/^(HTTP|connection|no) /.test(outcome)) faults[outcome] = (faults[outcome] ?? 0) + count;
    }
  }
  return faults;
}

/** Bookings (or what else is counted) that one COMMIT carried, on average. */
export function perCommit(round: Round): number {
  const written = ['booked', 'waitlisted', 'cancelled', 'left'].reduce(
    (sum, outcome) => sum + (round.answers[outcome] ?? 0),
    0,
  );
  return round.commits === 0 ? 0 : written / round.commits;
}

/** Measurements in the order in which they came, rounds of the same kind gathered. */
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
