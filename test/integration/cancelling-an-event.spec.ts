import { AllocationEngine, type CommandRequest } from '../../src/allocation/index.js';
import { CancelEventService } from '../../src/events/cancel-event.service.js';
import type { OpenRequest } from '../../src/events/dto/create-event.dto.js';
import { CreateEventService } from '../../src/events/create-event.service.js';
import { assertInvariants, useApp, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { CONTEXT, someone } from '../kit/request-context.js';
import { watchLock } from '../kit/watch-lock.js';
import { intensity, wallClock } from '../setup/intensity.js';

const SINGLES = intensity('MASS_BOOKINGS');
const PARTIES = SINGLES / 10_000;
const TICKETS = PARTIES * 10_000 + SINGLES;
const WAITING = 5_000;
const BATCH = 5_000;

const LOCKED_MS_MAX = 1_000;

interface Opened {
  readonly id: string;
  readonly sectionId: string;
}

describe('cancelling a large event never holds a lock for more than a second', () => {
  const database = useDatabase();
  const app = useApp(database);

  async function open(body: OpenRequest): Promise<Opened> {
    const opened = await app.nest.get(CreateEventService).create(body, CONTEXT);
    return { id: opened.body.id, sectionId: opened.body.sections[0]!.id };
  }

  /** The largest possible bookings, very many small ones, and waiting people. */
  async function festival(): Promise<Opened> {
    const { id, sectionId } = await open({ name: 'Festival', totalTickets: TICKETS });
    const engine = app.nest.get(AllocationEngine);
    const book = (identifier: string, quantity: number): CommandRequest => {
      return { kind: 'book', sectionId, person: someone(identifier), quantity, onSoldOut: 'wait' };
    };
    for (let party = 0; party < PARTIES; party += 1) {
      await engine.run([book(`party-${party}`, 10_000)]);
    }
    for (let done = 0; done < SINGLES + WAITING; done += BATCH) {
      await engine.run(Array.from({ length: BATCH }, (_, nth) => book(`one-${done + nth}`, 1)));
    }
    return { id, sectionId };
  }

  /** As many seats as an event may have, one half booked and the other half held. */
  async function seats(): Promise<Opened> {
    const rows = Array.from({ length: 40 }, (_, nth) => `${nth}`);
    const { id, sectionId } = await open({
      name: 'Arena',
      sections: [{ name: 'Seats', seats: { rows, perRow: 500 } }],
    });
    const wanted = { sectionId, person: someone('party'), quantity: 10_000 };
    const engine = app.nest.get(AllocationEngine);
    await engine.run([{ kind: 'book', onSoldOut: 'refuse', ...wanted }]);
    await engine.run([{ kind: 'hold', ttlSeconds: 600, ...wanted }]);
    return { id, sectionId };
  }

  it.each([
    [`${TICKETS} tickets, ${WAITING} waiting`, festival, SINGLES / 1_250],
    ['20000 seats', seats, 1],
  ])(
    '%s',
    async (what, fill, timesMin) => {
      const { id, sectionId } = await fill();
      let isOver = false;
      const watching = watchLock(database.url, sectionId, () => isOver);
      const started = performance.now();
      const { body } = await app.nest.get(CancelEventService).cancel(id, CONTEXT);
      const answeredMs = performance.now() - started;
      expect(body.event.status).toBe('CANCELLED');
      await eventually('the end of the cancellation', () => isVoided(id), 50_000);
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      isOver = true;
      const { times, longestMs } = await watching;
      process.stdout.write(
        `\n${what}: cancelled in ${seconds} s, answered after ${Math.round(answeredMs)} ms; ` +
          `${times} other transactions got the lock meanwhile, after ${Math.round(longestMs)} ms ` +
          `at most\n\n`,
      );
      expect(longestMs).toBeLessThan(wallClock(LOCKED_MS_MAX));
      expect(times).toBeGreaterThan(timesMin);
      const [section] = await database.query(
        'SELECT booked, held, waiting, bookings, available = capacity AS free FROM sections WHERE id = ?',
        [sectionId],
      );
      expect(section).toEqual({ booked: 0, held: 0, waiting: 0, bookings: 0, free: 1 });
      await assertInvariants(database.url);
    },
    120_000,
  );

  async function isVoided(id: string): Promise<boolean> {
    const ending = 'SELECT id FROM events WHERE id = ? AND is_ending = 1';
    return (await database.query(ending, [id])).length === 0;
  }
});
