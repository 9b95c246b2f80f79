import type { Bench, Scenario } from '../harness/bench.js';
import { Preloader } from '../harness/preload.js';
import { newPrefix, World } from '../harness/world.js';
import { CAPACITY } from './hot-event.js';
import { number, Recording } from './scenario.js';
import { PROGRAMS, ROWLOCK } from './strategies.js';

const NAME = 'growth';
const TITLE = 'Growth';
const CONNECTIONS = 128;
const TICKETS_PER_BOOKING = 2;
/** The rest of the rows stands at sold-out events with lines of their own. */
const OTHER_EVENTS = 20;

export const EMPTY = 'empty tables';
export const FULL = 'full tables';

export const growth: Scenario = {
  name: NAME,
  title: TITLE,
  plannedSeconds: ({ rounds, seconds, warmUpSeconds }) => rounds * 2 * (seconds + warmUpSeconds),

  async run(bench: Bench) {
    const { rounds, seconds, warmUpSeconds, growth: size } = bench.profile;
    const about =
      `Everybody books at one event, in a database that was empty and in one with ` +
      `${number(size.tickets)} tickets (half of them of this very event) and ${number(size.waiting)} waiting.`;
    const recording = new Recording(bench, { name: NAME, title: TITLE, about });
    const empty = await World.open(bench, [PROGRAMS.rowlock]);
    const full = await World.open(bench, [PROGRAMS.rowlock]);
    await empty.heatUp(ROWLOCK);
    await full.heatUp(ROWLOCK);
    const places = [
      [EMPTY, empty, await empty.openEvent(ROWLOCK, CAPACITY)],
      [FULL, full, await fillTables(bench, full)],
    ] as const;
    for (let round = 0; round < rounds; round += 1) {
      for (const [condition, world, eventId] of places) {
        const workload = { kind: 'book', eventIds: [eventId], prefix: newPrefix() } as const;
        const kind = { strategy: ROWLOCK, condition, unit: 'bookings' };
        await recording.round(kind, seconds + warmUpSeconds, () =>
          world.closed(ROWLOCK, CONNECTIONS, workload),
        );
      }
    }
    return recording.finish([empty, full]);
  },
};

/** @returns the event to book at */
async function fillTables(bench: Bench, world: World): Promise<string> {
  const { tickets, waiting } = bench.profile.growth;
  const preloader = await Preloader.for(world, ROWLOCK);
  const bookings = tickets / TICKETS_PER_BOOKING / 2;
  const other = bookings / OTHER_EVENTS;
  bench.progress.begin(`${TITLE} · writing ${number(tickets)} tickets`, 0);
  for (let event = 0; event < OTHER_EVENTS; event += 1) {
    const eventId = await world.openEvent(ROWLOCK, other * TICKETS_PER_BOOKING);
    await preloader.fill(eventId, {
      prefix: newPrefix(),
      bookings: other,
      ticketsPerBooking: TICKETS_PER_BOOKING,
      waiting: waiting / OTHER_EVENTS,
    });
  }
  const hot = await world.openEvent(ROWLOCK, CAPACITY);
  const filling = { prefix: newPrefix(), bookings, ticketsPerBooking: TICKETS_PER_BOOKING };
  await preloader.fill(hot, { ...filling, waiting: 0 });
  await world.preloaded();
  return hot;
}
