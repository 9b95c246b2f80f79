import type { BenchContext, Scenario } from '../harness/scenario.js';
import type { Profile } from '../harness/profile.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import { connectionsText, Recording } from './recording.js';
import { BOOKING_PROGRAMS, ROWLOCK } from './strategies.js';

/** The largest capacity an event can have: it never sells out during a measurement. */
export const CAPACITY = 1_000_000;

const NAME = 'hot';
const TITLE = 'Hot event';

export const hotEvent: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, connections, seconds, warmUpSeconds }) =>
    rounds * connections.length * BOOKING_PROGRAMS.length * (seconds + warmUpSeconds),

  async run(context: BenchContext) {
    const about = 'Everybody books one ticket at the same event, which never sells out.';
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, BOOKING_PROGRAMS);
    await testbed.warmUp(ROWLOCK);
    for (const connections of context.profile.connections) {
      for (let round = 0; round < context.profile.rounds; round += 1) {
        await measureEachStrategy(context.profile, testbed, recording, connections);
      }
    }
    return recording.finish([testbed]);
  },
};

/** One round: each strategy once, each on its own event. */
async function measureEachStrategy(
  { seconds, warmUpSeconds }: Profile,
  testbed: Testbed,
  recording: Recording,
  connections: number,
): Promise<void> {
  const condition = connectionsText(connections);
  for (const { name: strategy } of BOOKING_PROGRAMS) {
    const eventIds = [await testbed.openEvent(ROWLOCK, CAPACITY)];
    const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
    await recording.round({ strategy, condition, unit: 'bookings' }, seconds + warmUpSeconds, () =>
      testbed.closedLoop(strategy, connections, workload),
    );
  }
}
