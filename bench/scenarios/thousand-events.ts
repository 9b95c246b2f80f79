import type { Bench, Scenario } from '../harness/bench.js';
import { newPrefix, World } from '../harness/world.js';
import { CAPACITY } from './hot-event.js';
import { connectionsText, Recording } from './scenario.js';
import { BOOKERS, ROWLOCK } from './strategies.js';

const NAME = 'events';
const TITLE = '1,000 events';
const EVENTS = 1_000;
export const EVENTS_CONNECTIONS = 128;

export const thousandEvents: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) =>
    rounds * BOOKERS.length * (seconds + warmUpSeconds),

  async run(bench: Bench) {
    const { rounds, seconds, warmUpSeconds } = bench.profile;
    const about = 'Everybody books one place at one of 1,000 events, drawn at random.';
    const recording = new Recording(bench, { name: NAME, title: TITLE, about });
    const world = await World.open(bench, BOOKERS);
    await world.heatUp(ROWLOCK);
    const eventIds = await world.openEvents(ROWLOCK, EVENTS, CAPACITY);
    const condition = connectionsText(EVENTS_CONNECTIONS);
    for (let round = 0; round < rounds; round += 1) {
      for (const { name: strategy } of BOOKERS) {
        const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
        await recording.round(
          { strategy, condition, unit: 'bookings' },
          seconds + warmUpSeconds,
          () => world.closed(strategy, EVENTS_CONNECTIONS, workload),
        );
      }
    }
    return recording.finish([world]);
  },
};
