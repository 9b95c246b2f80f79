import type { BenchContext, Scenario } from '../harness/scenario.js';
import { Preloader } from '../harness/preload.js';
import { newPrefix, Testbed } from '../harness/testbed.js';
import { CAPACITY } from './hot-event.js';
import { number, Recording } from './recording.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'growth';
const TITLE = 'Growth';
const CONNECTIONS = 128;
const TICKETS_PER_BOOKING = 2;
/** The other rows belong to sold-out events with waitlists of their own. */
const OTHER_EVENTS = 20;

export const EMPTY = 'empty tables';
export const FULL = 'full tables';

export const growth: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) => rounds * 2 * (seconds + warmUpSeconds),

  async run(context: BenchContext) {
    const { rounds, seconds, warmUpSeconds, growth: size } = context.profile;
    const about =
      `Everybody books at one event: in a database that was empty, and in one with ` +
      `${number(size.tickets)} tickets (half of them at this event) and ${number(size.waiting)} people waiting.`;
    const recording = new Recording(context, { name: NAME, title: TITLE, about });
    const empty = await Testbed.open(context, [PROGRAMS.rowlock]);
    const full = await Testbed.open(context, [PROGRAMS.rowlock]);
    await empty.warmUp(ROWLOCK);
    await full.warmUp(ROWLOCK);
    const conditions = [
      [EMPTY, empty, await empty.openEvent(ROWLOCK, CAPACITY)],
      [FULL, full, await fillTables(context, full)],
    ] as const;
    for (let round = 0; round < rounds; round += 1) {
      for (const [condition, testbed, eventId] of conditions) {
        const workload = { kind: 'book', eventIds: [eventId], prefix: newPrefix() } as const;
        const kind = { strategy: ROWLOCK, condition, unit: 'bookings' };
        await recording.round(kind, seconds + warmUpSeconds, () =>
          testbed.closedLoop(ROWLOCK, CONNECTIONS, workload),
        );
      }
    }
    return recording.finish([empty, full]);
  },
};

/** @returns the event to book at */
async function fillTables(context: BenchContext, testbed: Testbed): Promise<string> {
  const { tickets, waiting } = context.profile.growth;
  const preloader = await Preloader.for(testbed, ROWLOCK);
  const bookings = tickets / TICKETS_PER_BOOKING / 2;
  const other = bookings / OTHER_EVENTS;
  context.progress.begin(`${TITLE} · writing ${number(tickets)} tickets`, 0);
  for (let event = 0; event < OTHER_EVENTS; event += 1) {
    const eventId = await testbed.openEvent(ROWLOCK, other * TICKETS_PER_BOOKING);
    await preloader.fill(eventId, {
      prefix: newPrefix(),
      bookings: other,
      ticketsPerBooking: TICKETS_PER_BOOKING,
      waiting: waiting / OTHER_EVENTS,
    });
  }
  const hot = await testbed.openEvent(ROWLOCK, CAPACITY);
  const contents = { prefix: newPrefix(), bookings, ticketsPerBooking: TICKETS_PER_BOOKING };
  await preloader.fill(hot, { ...contents, waiting: 0 });
  await testbed.restartAudit();
  return hot;
}
