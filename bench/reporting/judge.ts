import { type Measurement, median, ratiosOf, type ScenarioResult } from '../harness/results.js';
import { RUNNING } from '../scenarios/expensive-reads.js';
import { type Bar, BARS, type Bound, type MeasurementKey } from './bars.js';
import { firstSecondBars, MEGABYTES_MAX, QUERIES_MAX } from './overload-bars.js';

export interface Verdict {
  readonly what: string;
  readonly bound: string;
  /** For a ratio, the median over the rounds. */
  readonly value: number;
  /** Over the rounds. A bound within this range is not decided by this run. */
  readonly range: readonly [lowest: number, highest: number];
  readonly passed: boolean;
}

/** A bound on the highest value of a time series. */
interface SeriesBar {
  readonly what: string;
  readonly scenario: string;
  readonly series: string;
  readonly most: number;
}

const SERIES_BARS: readonly SeriesBar[] = [
  {
    what: 'flood: memory of the service, MB',
    scenario: 'flood',
    series: 'memory (RSS)',
    most: MEGABYTES_MAX,
  },
  {
    what: 'expensive reads: queries running in the database',
    scenario: 'expensive-reads',
    series: RUNNING,
    most: QUERIES_MAX,
  },
];

/** Judges the bars whose measurements this run made, and that no promise was broken. */
export const judge = (results: readonly ScenarioResult[]): Verdict[] => [
  ...[...BARS, ...firstSecondBars(results)].flatMap((bar) => judgeBar(bar, results)),
  ...SERIES_BARS.flatMap((bar) => judgeSeries(bar, results)),
  ...judgePromises(results),
];

function judgeBar(bar: Bar, results: readonly ScenarioResult[]): Verdict[] {
  const result = results.find(({ name }) => name === bar.scenario);
  const measured = find(result, bar.measured);
  if (measured === undefined) return [];
  if (bar.reference === undefined) {
    return [verdict(bar.what, bar.bound, measured.rounds.map(bar.metric))];
  }
  const reference = find(result, bar.reference);
  if (reference === undefined) return [];
  return [verdict(bar.what, bar.bound, ratiosOf(measured, reference, bar.metric))];
}

function judgeSeries(
  { scenario, series: name, what, most }: SeriesBar,
  results: readonly ScenarioResult[],
): Verdict[] {
  const result = results.find((one) => one.name === scenario);
  const series = result?.series.find((one) => one.name === name);
  if (result === undefined || series === undefined || result.violations.length > 0) return [];
  return [verdict(what, ['≤', most], [Math.max(...series.values)])];
}

function judgePromises(results: readonly ScenarioResult[]): Verdict[] {
  if (results.length === 0) return [];
  const broken = results.reduce((sum, { violations }) => sum + violations.length, 0);
  return [verdict('broken promises (oversold, overtaken, lost or doubled)', ['≤', 0], [broken])];
}

function verdict(what: string, [comparison, limit]: Bound, values: readonly number[]): Verdict {
  const value = median(values);
  return {
    what,
    bound: `${comparison} ${limit}`,
    value,
    range: [Math.min(...values), Math.max(...values)],
    passed: comparison === '≥' ? value >= limit : value <= limit,
  };
}

/** A scenario that broke a promise has no figures to judge. */
function find(
  result: ScenarioResult | undefined,
  [strategy, condition]: MeasurementKey,
): Measurement | undefined {
  if (result === undefined || result.violations.length > 0) return undefined;
  return result.measurements.find((one) => {
    return one.strategy === strategy && one.condition === condition;
  });
}
