import type { BenchContext, Scenario } from '../harness/scenario.js';
import type { Round } from '../harness/results.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import { CAPACITY } from './hot-event.js';
import { number, Recording } from './recording.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'overload';
const TITLE = 'Overload';
const FACTOR = 10;
const PEAK_CONNECTIONS = 512;
const AFTER_SECONDS = 5;
/** From here on, the service must be at full speed again. */
const GRACE_SECONDS = 1;
/** The rate is compared with the peak over this time. */
const GLIMPSE_SECONDS = 0.5;
const FULL_SPEED = 0.9;

export const PEAK = 'peak';
export const OVERLOADED = `${FACTOR} times the peak`;
export const RECOVERED = `from ${GRACE_SECONDS} s after it`;

export const overload: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ seconds, warmUpSeconds, overload: { seconds: overloaded } }) =>
    seconds + warmUpSeconds + overloaded + AFTER_SECONDS,

  async run(context: BenchContext) {
    const { connections } = context.profile.overload;
    const about =
      `The highest rate with ${PEAK_CONNECTIONS} connections; then ${FACTOR} times as many bookings per second, ` +
      `whether or not they are answered, on ${number(connections)} connections (an arrival that finds none free ` +
      `is not sent); then ${PEAK_CONNECTIONS} connections again.`;
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, [PROGRAMS.rowlock]);
    await testbed.warmUp(ROWLOCK);
    const peak = await measurePeak(context, testbed, recording);
    await measureOverload(context, testbed, recording, peak);
    return recording.finish([testbed]);
  },
};

/** @returns bookings per second */
async function measurePeak(
  { profile }: BenchContext,
  testbed: Testbed,
  recording: Recording,
): Promise<number> {
  const kind = { strategy: ROWLOCK, condition: PEAK, unit: 'bookings' };
  const eventIds = [await testbed.openEvent(ROWLOCK, CAPACITY)];
  const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
  const round = await recording.round(kind, profile.seconds + profile.warmUpSeconds, () =>
    testbed.closedLoop(ROWLOCK, PEAK_CONNECTIONS, workload),
  );
  return round.rate;
}

async function measureOverload(
  { profile }: BenchContext,
  testbed: Testbed,
  recording: Recording,
  peak: number,
): Promise<void> {
  const { connections, seconds } = profile.overload;
  const kind = { strategy: ROWLOCK, condition: OVERLOADED, unit: 'bookings' };
  const eventIds = [await testbed.openEvent(ROWLOCK, CAPACITY)];
  const round = await recording.round(kind, seconds + AFTER_SECONDS, () =>
    testbed.measure(ROWLOCK, {
      loop: 'overload',
      target: testbed.server(ROWLOCK).target,
      workload: { kind: 'book', eventIds, prefix: newPrefix() },
      connections,
      arrivalsPerSecond: Math.round(peak * FACTOR),
      seconds,
      after: { connections: PEAK_CONNECTIONS, seconds: AFTER_SECONDS },
    }),
  );
  const [from, to] = [seconds + GRACE_SECONDS, seconds + AFTER_SECONDS];
  recording.measurements.add({ ...kind, condition: RECOVERED }, roundBetween(round, from, to));
  recording.facts.push(...factsOf(round, seconds, peak));
}

/** The rate of a part of the round; latencies and answers are not known for a part. */
const roundBetween = (round: Round, from: number, to: number): Round => ({
  ...round,
  rate: rateBetween(round, from, to),
  answers: {},
  latency: { count: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 },
});

function rateBetween({ perStep, stepSeconds }: Round, from: number, to: number): number {
  const steps = perStep.slice(Math.round(from / stepSeconds), Math.round(to / stepSeconds));
  return steps.reduce((sum, count) => sum + count, 0) / (to - from);
}

function factsOf(round: Round, seconds: number, peak: number): [string, string][] {
  const answers = Object.entries(round.answers).map(([outcome, count]): [string, string] => {
    return [`requests: ${outcome}`, number(count)];
  });
  return [...answers, [`at ${FULL_SPEED} of the peak again after`, recovery(round, seconds, peak)]];
}

function recovery(round: Round, endedAt: number, peak: number): string {
  for (let after = 0; after + GLIMPSE_SECONDS <= AFTER_SECONDS; after += round.stepSeconds) {
    const from = endedAt + after;
    if (rateBetween(round, from, from + GLIMPSE_SECONDS) >= FULL_SPEED * peak) {
      return `${after.toFixed(1)} s`;
    }
  }
  return `more than ${AFTER_SECONDS} s`;
}
