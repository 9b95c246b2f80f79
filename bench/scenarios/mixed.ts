import type { Bench, Scenario } from '../harness/bench.js';
import { newPrefix, World } from '../harness/world.js';
import { connectionsText, Recording } from './scenario.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'mixed';
const TITLE = 'Mixed traffic';
const EVENTS = 50;
/** Small enough that some sell out on the way, and cancels promote. */
const PLACES = 100;
const CONNECTIONS = 128;

export const mixed: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) => rounds * (seconds + warmUpSeconds),

  async run(bench: Bench) {
    const { rounds, seconds, warmUpSeconds } = bench.profile;
    const about = `80 % status, 15 % book, 5 % cancel, over ${EVENTS} events of ${PLACES} places.`;
    const recording = new Recording(bench, { name: NAME, title: TITLE, about });
    const world = await World.open(bench, [PROGRAMS.rowlock]);
    await world.heatUp(ROWLOCK);
    const kind = { strategy: ROWLOCK, condition: connectionsText(CONNECTIONS), unit: 'requests' };
    for (let round = 0; round < rounds; round += 1) {
      const eventIds = await world.openEvents(ROWLOCK, EVENTS, PLACES);
      const workload = { kind: 'mixed', eventIds, prefix: newPrefix() } as const;
      await recording.round(kind, seconds + warmUpSeconds, () =>
        world.closed(ROWLOCK, CONNECTIONS, workload),
      );
    }
    return recording.finish([world]);
  },
};
