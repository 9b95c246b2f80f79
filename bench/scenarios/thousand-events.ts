import type { BenchContext, Scenario } from '../harness/scenario.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import { CAPACITY } from './hot-event.js';
import { connectionsText, Recording } from './recording.js';
import { BOOKING_PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'events';
const TITLE = '1,000 events';
const EVENTS = 1_000;
export const EVENTS_CONNECTIONS = 128;

export const thousandEvents: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) =>
    rounds * BOOKING_PROGRAMS.length * (seconds + warmUpSeconds),

  async run(context: BenchContext) {
    const { rounds, seconds, warmUpSeconds } = context.profile;
    const about = 'Everybody books one ticket at one of 1,000 events, chosen at random.';
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, BOOKING_PROGRAMS);
    await testbed.warmUp(ROWLOCK);
    const eventIds = await testbed.openEvents(ROWLOCK, EVENTS, CAPACITY);
    const condition = connectionsText(EVENTS_CONNECTIONS);
    for (let round = 0; round < rounds; round += 1) {
      for (const { name: strategy } of BOOKING_PROGRAMS) {
        const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
        await recording.round(
          { strategy, condition, unit: 'bookings' },
          seconds + warmUpSeconds,
          () => testbed.closedLoop(strategy, EVENTS_CONNECTIONS, workload),
        );
      }
    }
    return recording.finish([testbed]);
  },
};
