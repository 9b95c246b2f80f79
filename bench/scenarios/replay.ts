import type { Bench, Scenario } from '../harness/bench.js';
import type { TimeSeries } from '../harness/results.js';
import { newPrefix, World } from '../harness/world.js';
import { number, Recording } from './scenario.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'replay';
const TITLE = 'Replay of an on-sale';

/**
 * 1,000 buyers in 17 seconds with a peak second of 134: the shape of a festival's ticket sale in
 * production (a ramp as the clock strikes, a peak, a long tail).
 */
const BUYERS_PER_SECOND = [20, 60, 110, 134, 120, 100, 90, 80, 70, 55, 45, 35, 27, 21, 15, 11, 7];
/** A sale that everybody gets a ticket at would be no sale: the last tenth joins the line. */
const SHARE_SERVED = 0.9;
/** Behind a load balancer, buyers share its connections to the service. */
const CONNECTIONS = 512;

export const replay: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ replayFactors }) => replayFactors.length * BUYERS_PER_SECOND.length,

  async run(bench: Bench) {
    const about =
      '1,000 buyers arrive within 17 seconds, 134 of them in the peak second; then fifty times as ' +
      'many. Tickets for nine of ten; the rest joins the line. They come when they come, however ' +
      'the service fares, and latency runs from the moment of arrival.';
    const recording = new Recording(bench, { name: NAME, title: TITLE, about });
    const world = await World.open(bench, [PROGRAMS.rowlock]);
    await world.heatUp(ROWLOCK);
    const series: TimeSeries[] = [];
    for (const factor of bench.profile.replayFactors) {
      series.push(...(await replayTimes(world, recording, factor)));
    }
    return recording.finish([world], series);
  },
};

async function replayTimes(
  world: World,
  recording: Recording,
  factor: number,
): Promise<TimeSeries[]> {
  const arrivals = BUYERS_PER_SECOND.map((count) => count * factor);
  const buyers = arrivals.reduce((sum, count) => sum + count, 0);
  const condition = `${number(buyers)} buyers`;
  const eventIds = [await world.openEvent(ROWLOCK, buyers * SHARE_SERVED)];
  const kind = { strategy: ROWLOCK, condition, unit: 'buyers' };
  const round = await recording.round(kind, BUYERS_PER_SECOND.length, () =>
    world.measure(ROWLOCK, {
      loop: 'open',
      target: world.server(ROWLOCK).target,
      workload: { kind: 'book', eventIds, prefix: newPrefix() },
      connections: CONNECTIONS,
      arrivalsPerSecond: arrivals,
    }),
  );
  const { booked = 0, waitlisted = 0 } = round.answers;
  if (booked !== buyers * SHARE_SERVED) {
    recording.violations.push(
      `${condition}: ${booked} of ${buyers * SHARE_SERVED} places were sold`,
    );
  }
  recording.facts.push(
    [`${condition}: tickets and places in line`, `${number(booked)} and ${number(waitlisted)}`],
    [`${condition}: last answer after`, `${round.seconds.toFixed(1)} s`],
    [`${condition}: best second`, `${number(Math.max(...round.perSecond))} answers`],
  );
  return [
    { name: `arrivals, ${condition}`, unit: 'buyers/s', values: arrivals, stepSeconds: 1 },
    { name: `answers, ${condition}`, unit: 'buyers/s', values: round.perSecond, stepSeconds: 1 },
  ];
}
