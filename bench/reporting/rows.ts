import {
  faultsOf,
  type Measurement,
  medianOf,
  perCommit,
  type ScenarioResult,
} from '../harness/results.js';

/** Columns of words; the others hold numbers. */
export const WORDS: ReadonlySet<string> = new Set(['condition', 'strategy', 'faults']);

export const HEAD = [
  'condition',
  'strategy',
  'rate',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'max ms',
  'per commit',
  'processors',
  'faults',
] as const;

/** Two significant digits at the least, and no more digits than are true. */
export function milliseconds(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-GB');
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** Busy ones, on average: of the service, of the database (if it is ours), of the load generator. */
const processors = (measurement: Measurement): string =>
  (['service', 'database', 'generator'] as const)
    .map((who) => medianOf(measurement, (round) => round.processors[who]))
    .map((busy) => (Number.isNaN(busy) ? '?' : busy.toFixed(1)))
    .join(' + ');

/** A scenario's measurements as cells: medians over the rounds. */
export const rowsOf = (result: ScenarioResult): string[][] => result.measurements.map(rowOf);

function rowOf(measurement: Measurement): string[] {
  const { strategy, condition, unit } = measurement;
  const rate = medianOf(measurement, (round) => round.rate);
  const batch = medianOf(measurement, perCommit);
  const faults = Object.entries(faultsOf(measurement));
  return [
    condition,
    strategy,
    `${Math.round(rate).toLocaleString('en-GB')} ${unit}/s`,
    milliseconds(medianOf(measurement, (round) => round.latency.p50)),
    milliseconds(medianOf(measurement, (round) => round.latency.p95)),
    milliseconds(medianOf(measurement, (round) => round.latency.p99)),
    milliseconds(medianOf(measurement, (round) => round.latency.max)),
    batch === 0 ? '–' : batch.toFixed(1),
    processors(measurement),
    faults.length === 0 ? '–' : faults.map(([what, count]) => `${count} × ${what}`).join(', '),
  ];
}
