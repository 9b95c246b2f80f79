import type { Bench, Scenario } from '../harness/bench.js';
import type { Profile } from '../harness/profile.js';
import { newPrefix, World } from '../harness/world.js';
import { connectionsText, Recording } from './scenario.js';
import { BOOKERS, ROWLOCK } from './strategies.js';

/** The most an event can have: it never sells out while it is measured. */
export const CAPACITY = 1_000_000;

const NAME = 'hot';
const TITLE = 'Hot event';

export const hotEvent: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, connections, seconds, warmUpSeconds }) =>
    rounds * connections.length * BOOKERS.length * (seconds + warmUpSeconds),

  async run(bench: Bench) {
    const about = 'Everybody books one place at the same event, which never sells out.';
    const recording = new Recording(bench, { name: NAME, title: TITLE, about });
    const world = await World.open(bench, BOOKERS);
    await world.heatUp(ROWLOCK);
    for (const connections of bench.profile.connections) {
      for (let round = 0; round < bench.profile.rounds; round += 1) {
        await everyBooker(bench.profile, world, recording, connections);
      }
    }
    return recording.finish([world]);
  },
};

/** One round: each strategy once, on an event of its own. */
async function everyBooker(
  { seconds, warmUpSeconds }: Profile,
  world: World,
  recording: Recording,
  connections: number,
): Promise<void> {
  const condition = connectionsText(connections);
  for (const { name: strategy } of BOOKERS) {
    const eventIds = [await world.openEvent(ROWLOCK, CAPACITY)];
    const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
    await recording.round({ strategy, condition, unit: 'bookings' }, seconds + warmUpSeconds, () =>
      world.closed(strategy, connections, workload),
    );
  }
}
