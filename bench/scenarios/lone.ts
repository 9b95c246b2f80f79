import type { Bench, Scenario } from '../harness/bench.js';
import { newPrefix, World } from '../harness/world.js';
import { CAPACITY } from './hot-event.js';
import { connectionsText, Recording } from './scenario.js';
import { ONE_TRANSACTION, PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'lone';
const TITLE = 'Lone request';
/** Short turns, and many: a drift of the machine then meets both alike. */
const TURNS_PER_ROUND = 3;

export const lone: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) =>
    rounds * TURNS_PER_ROUND * 2 * (seconds + warmUpSeconds),

  async run(bench: Bench) {
    const { rounds, seconds, warmUpSeconds } = bench.profile;
    const about = 'One client books, waits for the answer, books again: what one request takes.';
    const recording = new Recording(bench, { name: NAME, title: TITLE, about });
    const world = await World.open(bench, [PROGRAMS.rowlock, PROGRAMS.oneTransaction]);
    await world.heatUp(ROWLOCK);
    for (let round = 0; round < rounds * TURNS_PER_ROUND; round += 1) {
      for (const strategy of [ROWLOCK, ONE_TRANSACTION]) {
        const eventIds = [await world.openEvent(ROWLOCK, CAPACITY)];
        const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
        const kind = { strategy, condition: connectionsText(1), unit: 'bookings' };
        await recording.round(kind, seconds + warmUpSeconds, () =>
          world.closed(strategy, 1, workload),
        );
      }
    }
    return recording.finish([world]);
  },
};
