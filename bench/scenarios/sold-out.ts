import type { BenchContext, Scenario } from '../harness/scenario.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import { connectionsText, Recording } from './recording.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'sold-out';
const TITLE = 'Sold-out event';
const CONNECTIONS = 128;

export const soldOut: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) => rounds * (seconds + warmUpSeconds),

  async run(context: BenchContext) {
    const { rounds, seconds, warmUpSeconds } = context.profile;
    const about = 'The only ticket is taken, so every request joins the waitlist.';
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, [PROGRAMS.rowlock]);
    await testbed.warmUp(ROWLOCK);
    const condition = connectionsText(CONNECTIONS);
    for (let round = 0; round < rounds; round += 1) {
      const eventId = await testbed.openEvent(ROWLOCK, 1);
      await testbed.book(ROWLOCK, eventId, 'the-only-one');
      const workload = { kind: 'book', eventIds: [eventId], prefix: newPrefix() } as const;
      const kind = { strategy: ROWLOCK, condition, unit: 'joins' };
      const { answers } = await recording.round(kind, seconds + warmUpSeconds, () =>
        testbed.closedLoop(ROWLOCK, CONNECTIONS, workload),
      );
      if (answers['booked'] !== undefined) {
        recording.violations.push(
          `${answers['booked']} bookings were made after the event was sold out`,
        );
      }
    }
    return recording.finish([testbed]);
  },
};
