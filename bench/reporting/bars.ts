import {
  type Measurement,
  median,
  p50,
  p99,
  type Metric,
  rate,
  ratiosOf,
  type ScenarioResult,
} from '../harness/results.js';
import { waitingText } from '../scenarios/cancel-promote.js';
import { AFTER, BEFORE } from '../scenarios/flood.js';
import { EMPTY, FULL } from '../scenarios/growth.js';
import { connectionsText } from '../scenarios/recording.js';
import { STATUS_CONNECTIONS } from '../scenarios/status.js';
import { BARE_FASTIFY, CEILING, ONE_TRANSACTION, ROWLOCK } from '../scenarios/strategies.js';
import { EVENTS_CONNECTIONS } from '../scenarios/thousand-events.js';

/** A performance target: a bound on the ratio of two measurements of the same run. */
interface Bar {
  readonly what: string;
  readonly scenario: string;
  readonly metric: Metric;
  readonly measured: MeasurementKey;
  readonly reference: MeasurementKey;
  readonly bound: Bound;
}

type MeasurementKey = readonly [strategy: string, condition: string];
type Bound = readonly [comparison: '≥' | '≤', limit: number];

export interface Verdict {
  readonly what: string;
  readonly bound: string;
  /** For a ratio, the median over the rounds. */
  readonly value: number;
  /** Over the rounds. A bound within this range is not decided by this run. */
  readonly range: readonly [lowest: number, highest: number];
  readonly passed: boolean;
}

const HOT = connectionsText(128);
const LONE = connectionsText(1);
const EVENTS = connectionsText(EVENTS_CONNECTIONS);
const READS = connectionsText(STATUS_CONNECTIONS);

const BARS: readonly Bar[] = [
  {
    what: `one event, ${HOT}: bookings/s against one transaction per booking`,
    scenario: 'hot',
    metric: rate,
    measured: [ROWLOCK, HOT],
    reference: [ONE_TRANSACTION, HOT],
    bound: ['≥', 20],
  },
  {
    what: `one event, ${HOT}: p99 against one transaction per booking`,
    scenario: 'hot',
    metric: p99,
    measured: [ROWLOCK, HOT],
    reference: [ONE_TRANSACTION, HOT],
    bound: ['≤', 0.1],
  },
  {
    what: `one event, ${HOT}: bookings/s against the ceiling`,
    scenario: 'hot',
    metric: rate,
    measured: [ROWLOCK, HOT],
    reference: [CEILING, HOT],
    bound: ['≥', 0.9],
  },
  {
    what: '1,000 events: bookings/s against one transaction per booking',
    scenario: 'events',
    metric: rate,
    measured: [ROWLOCK, EVENTS],
    reference: [ONE_TRANSACTION, EVENTS],
    bound: ['≥', 4],
  },
  {
    what: 'cancel + promote: cancels/s with 100,000 waiting against 100 waiting',
    scenario: 'cancel',
    metric: rate,
    measured: [ROWLOCK, waitingText(100_000)],
    reference: [ROWLOCK, waitingText(100)],
    bound: ['≥', 0.8],
  },
  {
    what: 'growth: bookings/s with full tables against empty tables',
    scenario: 'growth',
    metric: rate,
    measured: [ROWLOCK, FULL],
    reference: [ROWLOCK, EMPTY],
    bound: ['≥', 0.8],
  },
  {
    what: `GET /status/:id, ${READS}: reads/s against a bare Fastify GET`,
    scenario: 'status',
    metric: rate,
    measured: [ROWLOCK, READS],
    reference: [BARE_FASTIFY, READS],
    bound: ['≥', 0.7],
  },
  {
    what: 'lone request: p50 against one transaction per booking',
    scenario: 'lone',
    metric: p50,
    measured: [ROWLOCK, LONE],
    reference: [ONE_TRANSACTION, LONE],
    bound: ['≤', 1],
  },
  {
    what: 'flood: bookings/s after it against before it',
    scenario: 'flood',
    metric: rate,
    measured: [ROWLOCK, AFTER],
    reference: [ROWLOCK, BEFORE],
    bound: ['≥', 0.8],
  },
];

export const FLOOD_MB_MAX = 600;

/** Judges the bars whose measurements this run made, and that no promise was broken. */
export const judge = (results: readonly ScenarioResult[]): Verdict[] => [
  ...BARS.flatMap((bar) => judgeRatio(bar, results)),
  ...judgeMemory(results),
  ...judgePromises(results),
];

function judgeRatio(bar: Bar, results: readonly ScenarioResult[]): Verdict[] {
  const result = results.find(({ name }) => name === bar.scenario);
  const measured = find(result, bar.measured);
  const reference = find(result, bar.reference);
  if (measured === undefined || reference === undefined) return [];
  return [verdict(bar.what, bar.bound, ratiosOf(measured, reference, bar.metric))];
}

function judgeMemory(results: readonly ScenarioResult[]): Verdict[] {
  const flood = results.find(({ name }) => name === 'flood');
  if (flood === undefined || flood.violations.length > 0) return [];
  const megabytes = Math.max(...(flood.series[0]?.values ?? []));
  return [verdict('flood: memory of the service, MB', ['≤', FLOOD_MB_MAX], [megabytes])];
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
