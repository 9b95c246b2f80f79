import {
  failuresOf,
  type Measurement,
  medianOf,
  p50,
  p99,
  peakMb,
  perCommit,
  rate,
  type ScenarioResult,
} from '../harness/results.js';

/** The other columns hold numbers and are aligned to the right. */
export const TEXT_COLUMNS: ReadonlySet<string> = new Set(['condition', 'strategy', 'failures']);

export const HEAD = [
  'condition',
  'strategy',
  'rate',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'max ms',
  'per commit',
  'CPUs',
  'MB',
  'failures',
] as const;

/** A scenario's measurements as table cells: medians over the rounds. */
export const rowsOf = (result: ScenarioResult): string[][] => result.measurements.map(rowOf);

function rowOf(measurement: Measurement): string[] {
  const { strategy, condition, unit } = measurement;
  const batchSize = medianOf(measurement, perCommit);
  const failures = Object.entries(failuresOf(measurement));
  return [
    condition,
    strategy,
    `${Math.round(medianOf(measurement, rate)).toLocaleString('en-GB')} ${unit}/s`,
    milliseconds(medianOf(measurement, p50)),
    milliseconds(medianOf(measurement, ({ latency }) => latency.p95)),
    milliseconds(medianOf(measurement, p99)),
    milliseconds(medianOf(measurement, ({ latency }) => latency.max)),
    batchSize === 0 ? '–' : batchSize.toFixed(1),
    busyCpus(measurement),
    rounded(medianOf(measurement, peakMb)),
    failures.length === 0 ? '–' : failures.map(([what, count]) => `${count} × ${what}`).join(', '),
  ];
}

/** Two significant digits at least, and no more than the measurement supports. */
function milliseconds(value: number): string {
  if (value === 0) return '–';
  if (value >= 100) return Math.round(value).toLocaleString('en-GB');
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** A dash for reports of earlier versions, which lack the figure. */
const rounded = (value: number): string =>
  Number.isFinite(value) ? Math.round(value).toLocaleString('en-GB') : '–';

/** Service + database + load generator. The database's are unknown if it runs elsewhere. */
const busyCpus = (measurement: Measurement): string =>
  (['service', 'database', 'generator'] as const)
    .map((part) => medianOf(measurement, ({ processors }) => processors[part]))
    .map((busy) => (Number.isNaN(busy) ? '?' : busy.toFixed(1)))
    .join(' + ');
