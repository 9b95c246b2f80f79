import type { BenchContext, Scenario } from '../harness/scenario.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import { CAPACITY } from './hot-event.js';
import { connectionsText, Recording } from './recording.js';
import { ONE_TRANSACTION, PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'lone';
const TITLE = 'Lone request';
/** Many short turns, so that a drift of the machine affects both strategies alike. */
const TURNS_PER_ROUND = 3;

export const lone: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) =>
    rounds * TURNS_PER_ROUND * 2 * (seconds + warmUpSeconds),

  async run(context: BenchContext) {
    const { rounds, seconds, warmUpSeconds } = context.profile;
    const about =
      'One client books, waits for the answer and books again: the latency of a single request.';
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, [PROGRAMS.rowlock, PROGRAMS.oneTransaction]);
    await testbed.warmUp(ROWLOCK);
    for (let round = 0; round < rounds * TURNS_PER_ROUND; round += 1) {
      for (const strategy of [ROWLOCK, ONE_TRANSACTION]) {
        const eventIds = [await testbed.openEvent(ROWLOCK, CAPACITY)];
        const workload = { kind: 'book', eventIds, prefix: newPrefix() } as const;
        const kind = { strategy, condition: connectionsText(1), unit: 'bookings' };
        await recording.round(kind, seconds + warmUpSeconds, () =>
          testbed.closedLoop(strategy, 1, workload),
        );
      }
    }
    return recording.finish([testbed]);
  },
};
