import type { BenchContext, Scenario } from '../harness/scenario.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import { connectionsText, Recording } from './recording.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'mixed';
const TITLE = 'Mixed traffic';
const EVENTS = 50;
/** Small enough that some events sell out during the run and cancels promote. */
const TICKETS = 100;
const CONNECTIONS = 128;

export const mixed: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) => rounds * (seconds + warmUpSeconds),

  async run(context: BenchContext) {
    const { rounds, seconds, warmUpSeconds } = context.profile;
    const about = `80 % status, 15 % book, 5 % cancel, over ${EVENTS} events of ${TICKETS} tickets.`;
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, [PROGRAMS.rowlock]);
    await testbed.warmUp(ROWLOCK);
    const kind = { strategy: ROWLOCK, condition: connectionsText(CONNECTIONS), unit: 'requests' };
    for (let round = 0; round < rounds; round += 1) {
      const eventIds = await testbed.openEvents(ROWLOCK, EVENTS, TICKETS);
      const workload = { kind: 'mixed', eventIds, prefix: newPrefix() } as const;
      await recording.round(kind, seconds + warmUpSeconds, () =>
        testbed.closedLoop(ROWLOCK, CONNECTIONS, workload),
      );
    }
    return recording.finish([testbed]);
  },
};
