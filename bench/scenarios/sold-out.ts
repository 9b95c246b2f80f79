import type { Bench, Scenario } from '../harness/bench.js';
import { newPrefix, World } from '../harness/world.js';
import { connectionsText, Recording } from './scenario.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'sold-out';
const TITLE = 'Sold-out event';
const CONNECTIONS = 128;

export const soldOut: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) => rounds * (seconds + warmUpSeconds),

  async run(bench: Bench) {
    const { rounds, seconds, warmUpSeconds } = bench.profile;
    const about = 'The only place is taken: every answer is a place in the line.';
    const recording = new Recording(bench, { name: NAME, title: TITLE, about });
    const world = await World.open(bench, [PROGRAMS.rowlock]);
    await world.heatUp(ROWLOCK);
    const condition = connectionsText(CONNECTIONS);
    for (let round = 0; round < rounds; round += 1) {
      const eventId = await world.openEvent(ROWLOCK, 1);
      await world.book(ROWLOCK, eventId, 'the-only-one');
      const workload = { kind: 'book', eventIds: [eventId], prefix: newPrefix() } as const;
      const kind = { strategy: ROWLOCK, condition, unit: 'joins' };
      const { answers } = await recording.round(kind, seconds + warmUpSeconds, () =>
        world.closed(ROWLOCK, CONNECTIONS, workload),
      );
      if (answers['booked'] !== undefined) {
        recording.violations.push(
          `${answers['booked']} people were given a place that there is not`,
        );
      }
    }
    return recording.finish([world]);
  },
};
