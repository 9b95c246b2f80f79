import type { OpenPlan, Target } from '../load/plan.js';
import { newPrefix } from '../harness/testbed.js';

/** The events of the neighbours, whom a noisy one must not disturb. */
export const NEIGHBOURS = 40;
const BOOKINGS_PER_EVENT = 2;
const READS_PER_SECOND = 80;
/** More than are in use at any time, unless answers take seconds. */
const CONNECTIONS = 300;

/** Two bookings per second at each event, at random moments. */
export const steadyBookings = (
  target: Target,
  eventIds: readonly string[],
  seconds: number,
): OpenPlan => ({
  loop: 'open',
  target,
  workload: { kind: 'book', eventIds, prefix: newPrefix() },
  connections: CONNECTIONS,
  arrivalsPerSecond: steady(eventIds.length * BOOKINGS_PER_EVENT, seconds),
});

/** Reads of one of the paths at random moments. */
export const steadyReads = (
  target: Target,
  paths: readonly string[],
  seconds: number,
  perSecond = READS_PER_SECOND,
): OpenPlan => ({
  loop: 'open',
  target,
  workload: { kind: 'read', paths },
  connections: CONNECTIONS,
  arrivalsPerSecond: steady(perSecond, seconds),
});

const steady = (perSecond: number, seconds: number): number[] =>
  Array.from({ length: Math.ceil(seconds) }, () => perSecond);
