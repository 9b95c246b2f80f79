import type { BenchContext, Scenario } from '../harness/scenario.js';
import type { TimeSeries } from '../harness/results.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import { number, Recording } from './recording.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'replay';
const TITLE = 'Replay of an on-sale';

/**
 * 1,000 buyers in 17 seconds, 134 of them in the peak second: the shape of a festival's ticket sale in
 * production (a ramp when the sale opens, a peak, a long tail).
 */
const BUYERS_PER_SECOND = [20, 60, 110, 134, 120, 100, 90, 80, 70, 55, 45, 35, 27, 21, 15, 11, 7];
/** The last tenth of the buyers joins the waitlist. */
const SHARE_SERVED = 0.9;
/** Behind a load balancer, buyers share its connections to the service. */
const CONNECTIONS = 512;

export const replay: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ replayFactors }) => replayFactors.length * BUYERS_PER_SECOND.length,

  async run(context: BenchContext) {
    const about =
      '1,000 buyers arrive within 17 seconds, 134 of them in the peak second; then fifty times as ' +
      'many. Nine of ten get a ticket, the others join the waitlist. Arrivals do not depend on how ' +
      'fast the service answers, and latency runs from the moment of arrival.';
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, [PROGRAMS.rowlock]);
    await testbed.warmUp(ROWLOCK);
    const series: TimeSeries[] = [];
    for (const factor of context.profile.replayFactors) {
      series.push(...(await replayTimes(testbed, recording, factor)));
    }
    return recording.finish([testbed], series);
  },
};

async function replayTimes(
  testbed: Testbed,
  recording: Recording,
  factor: number,
): Promise<TimeSeries[]> {
  const arrivals = BUYERS_PER_SECOND.map((count) => count * factor);
  const buyers = arrivals.reduce((sum, count) => sum + count, 0);
  const condition = `${number(buyers)} buyers`;
  const eventIds = [await testbed.openEvent(ROWLOCK, buyers * SHARE_SERVED)];
  const kind = { strategy: ROWLOCK, condition, unit: 'buyers' };
  const round = await recording.round(kind, BUYERS_PER_SECOND.length, () =>
    testbed.measure(ROWLOCK, {
      loop: 'open',
      target: testbed.server(ROWLOCK).target,
      workload: { kind: 'book', eventIds, prefix: newPrefix() },
      connections: CONNECTIONS,
      arrivalsPerSecond: arrivals,
    }),
  );
  const { booked = 0, waitlisted = 0 } = round.answers;
  if (booked !== buyers * SHARE_SERVED) {
    recording.violations.push(
      `${condition}: ${booked} of ${buyers * SHARE_SERVED} places were booked`,
    );
  }
  recording.facts.push(
    [`${condition}: bookings and waitlist entries`, `${number(booked)} and ${number(waitlisted)}`],
    [`${condition}: last answer after`, `${round.seconds.toFixed(1)} s`],
    [`${condition}: peak second`, `${number(Math.max(...round.perStep))} answers`],
  );
  return [
    { name: `arrivals, ${condition}`, unit: 'buyers/s', values: arrivals, stepSeconds: 1 },
    {
      name: `answers, ${condition}`,
      unit: 'buyers/s',
      values: round.perStep,
      stepSeconds: round.stepSeconds,
    },
  ];
}
