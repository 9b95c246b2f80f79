import {
  failures,
  lastAnswer,
  type Metric,
  p99,
  peakMb,
  rate,
  type ScenarioResult,
} from '../harness/results.js';
import { BOOK, POOL_SIZE, STATUS } from '../scenarios/expensive-reads.js';
import { LOCKED, OTHERS, USUAL } from '../scenarios/locked-row.js';
import { OVERLOADED, PEAK, RECOVERED } from '../scenarios/overload.js';
import { CEILING, ROWLOCK } from '../scenarios/strategies.js';
import { UNREAD_CONDITIONS } from '../scenarios/unread.js';
import type { Bar } from './bars.js';

export const MEGABYTES_MAX = 600;
/** A query that the service gave up but the database still runs makes it more. */
export const QUERIES_MAX = POOL_SIZE;
const LIVE_MS_MAX = 1_000;

/** The sizes of the crowds depend on how many connections the machine allows. */
export function firstSecondBars(results: readonly ScenarioResult[]): Bar[] {
  const scenario = 'first-second';
  const measurements = results.find(({ name }) => name === scenario)?.measurements ?? [];
  return measurements
    .filter(({ strategy }) => strategy === ROWLOCK)
    .flatMap(({ condition }): Bar[] => {
      const measured = [ROWLOCK, condition] as const;
      const about = `first second, ${condition}`;
      return [
        {
          what: `${about}: time to the last answer against the ceiling`,
          scenario,
          metric: lastAnswer,
          measured,
          reference: [CEILING, condition],
          bound: ['≤', 1.5],
        },
        { what: `${about}: refusals`, scenario, metric: failures, measured, bound: ['≤', 0] },
        {
          what: `${about}: memory of the service, MB`,
          scenario,
          metric: peakMb,
          measured,
          bound: ['≤', MEGABYTES_MAX],
        },
      ];
    });
}

export const OVERLOAD_BARS: readonly Bar[] = [
  {
    what: 'overload: bookings/s against the peak',
    scenario: 'overload',
    metric: rate,
    measured: [ROWLOCK, OVERLOADED],
    reference: [ROWLOCK, PEAK],
    bound: ['≥', 0.9],
  },
  {
    what: 'overload: bookings/s from 1 s after it against the peak',
    scenario: 'overload',
    metric: rate,
    measured: [ROWLOCK, RECOVERED],
    reference: [ROWLOCK, PEAK],
    bound: ['≥', 0.9],
  },
];

/** Answers that a locked event may not give: it books nothing, and says so. */
const otherThanLockTimeout: Metric = (round) =>
  failures(round) - (round.answers['HTTP 503 lock_timeout'] ?? 0);

const lockBars: readonly Bar[] = [
  {
    what: 'locked row: p99 of the other events against their usual p99',
    scenario: 'locked-row',
    metric: p99,
    measured: [ROWLOCK, OTHERS],
    reference: [ROWLOCK, USUAL],
    bound: ['≤', 2],
  },
  {
    what: 'locked row: refusals of the other events',
    scenario: 'locked-row',
    metric: failures,
    measured: [ROWLOCK, OTHERS],
    bound: ['≤', 0],
  },
  {
    what: 'locked row: refusals of the locked event other than `lock_timeout`',
    scenario: 'locked-row',
    metric: otherThanLockTimeout,
    measured: [ROWLOCK, LOCKED],
    bound: ['≤', 0],
  },
];

const neighbours = [
  ['POST /book', BOOK],
  ['GET /status', STATUS],
] as const;

const readBars = neighbours.flatMap(([name, { usual, attacked }]): Bar[] => [
  {
    what: `expensive reads: p99 of the neighbours' ${name} against their usual p99`,
    scenario: 'expensive-reads',
    metric: p99,
    measured: [ROWLOCK, attacked],
    reference: [ROWLOCK, usual],
    bound: ['≤', 3],
  },
  {
    what: `expensive reads: refusals of the neighbours' ${name}`,
    scenario: 'expensive-reads',
    metric: failures,
    measured: [ROWLOCK, attacked],
    bound: ['≤', 0],
  },
]);

const unreadBars = UNREAD_CONDITIONS.flatMap((condition): Bar[] => [
  {
    what: `${condition}: memory of the service, MB`,
    scenario: 'unread',
    metric: peakMb,
    measured: [ROWLOCK, condition],
    bound: ['≤', MEGABYTES_MAX],
  },
  {
    what: `${condition}: slowest GET /health/live, ms`,
    scenario: 'unread',
    metric: lastAnswer,
    measured: [ROWLOCK, condition],
    bound: ['≤', LIVE_MS_MAX],
  },
]);

export const NEIGHBOUR_BARS: readonly Bar[] = [...lockBars, ...readBars, ...unreadBars];
