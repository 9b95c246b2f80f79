import { p50, p99, type Metric, rate } from '../harness/results.js';
import { waitingText } from '../scenarios/cancel-promote.js';
import { AFTER, BEFORE } from '../scenarios/flood.js';
import { EMPTY, FULL } from '../scenarios/growth.js';
import { connectionsText } from '../scenarios/recording.js';
import { STATUS_CONNECTIONS } from '../scenarios/status.js';
import { BARE_FASTIFY, CEILING, ONE_TRANSACTION, ROWLOCK } from '../scenarios/strategies.js';
import { EVENTS_CONNECTIONS } from '../scenarios/thousand-events.js';
import { NEIGHBOUR_BARS, OVERLOAD_BARS } from './overload-bars.js';

/** A performance target: a bound on a measurement, or on the ratio of two measurements of the same run. */
export interface Bar {
  readonly what: string;
  readonly scenario: string;
  readonly metric: Metric;
  readonly measured: MeasurementKey;
  /** None: the measured value itself must keep the bound. */
  readonly reference?: MeasurementKey;
  readonly bound: Bound;
}

export type MeasurementKey = readonly [strategy: string, condition: string];
export type Bound = readonly [comparison: '≥' | '≤', limit: number];

const HOT = connectionsText(128);
const LONE = connectionsText(1);
const EVENTS = connectionsText(EVENTS_CONNECTIONS);
const READS = connectionsText(STATUS_CONNECTIONS);

export const BARS: readonly Bar[] = [
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
  ...OVERLOAD_BARS,
  ...NEIGHBOUR_BARS,
];
