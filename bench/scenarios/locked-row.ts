import { setTimeout as sleep } from 'node:timers/promises';
import { connectTo } from '../../test/kit/connect.js';
import type { BenchContext, Scenario } from '../harness/scenario.js';
import { Testbed } from '../harness/testbed.js';
import { CAPACITY } from './hot-event.js';
import { NEIGHBOURS, steadyBookings } from './neighbours.js';
import { number, Recording } from './recording.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'locked-row';
const TITLE = 'Noisy neighbour: a locked row';
/** The lock outlasts the arrivals, which begin only when their connections are open. */
const LOCK_MARGIN_SECONDS = 2;

export const USUAL = `${NEIGHBOURS} events, no lock`;
export const OTHERS = `${NEIGHBOURS} events while another is locked`;
export const LOCKED = 'the locked event';

export const lockedRow: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ neighbour: { usualSeconds, lockSeconds } }) =>
    usualSeconds + lockSeconds + LOCK_MARGIN_SECONDS,

  async run(context: BenchContext) {
    const { usualSeconds, lockSeconds } = context.profile.neighbour;
    const about =
      `${NEIGHBOURS} events get two bookings per second each. Then another connection to the database locks the ` +
      `row of one more event for ${lockSeconds} s, while that event gets two bookings per second, too.`;
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const testbed = await Testbed.open(context, [PROGRAMS.rowlock]);
    await testbed.warmUp(ROWLOCK);
    const others = await testbed.openEvents(ROWLOCK, NEIGHBOURS, CAPACITY);
    const locked = await testbed.openEvent(ROWLOCK, CAPACITY);
    await testbed.book(ROWLOCK, locked, 'before-the-lock');
    const { target } = testbed.server(ROWLOCK);
    const load = (condition: string, eventIds: readonly string[], seconds: number) =>
      recording.round({ strategy: ROWLOCK, condition, unit: 'bookings' }, seconds, () =>
        testbed.measure(ROWLOCK, steadyBookings(target, eventIds, seconds)),
      );
    await load(USUAL, others, usualSeconds);
    const unlock = await lockRow(testbed.database.url, locked);
    const loads = [load(OTHERS, others, lockSeconds), load(LOCKED, [locked], lockSeconds)] as const;
    await sleep((lockSeconds + LOCK_MARGIN_SECONDS) * 1000);
    await unlock();
    const [, { answers }] = await Promise.all(loads);
    for (const [outcome, count] of Object.entries(answers)) {
      recording.facts.push([`the locked event: ${outcome}`, number(count)]);
    }
    await testbed.book(ROWLOCK, locked, 'after-the-lock');
    return recording.finish([testbed]);
  },
};

/** Locks the event's row as an administrator's open transaction would. @returns what releases it */
async function lockRow(databaseUrl: string, eventId: string): Promise<() => Promise<void>> {
  const connection = await connectTo(databaseUrl);
  await connection.query('START TRANSACTION');
  await connection.query('SELECT id FROM sections WHERE event_id = ? FOR UPDATE', [eventId]);
  return async () => {
    await connection.query('ROLLBACK');
    await connection.end();
  };
}
