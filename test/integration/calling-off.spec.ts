import { BookingEngine, type BookingRequest } from '../../src/bookings/index.js';
import { CallingOffService } from '../../src/events/calling-off.service.js';
import { OpeningService } from '../../src/events/opening.service.js';
import { assertInvariants, connectTo, useApp, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/transactions.js';

const PARTIES = 5;
const SINGLES = 50_000;
const TICKETS = PARTIES * 10_000 + SINGLES;
const WAITING = 5_000;
const BATCH = 5_000;

const LOCKED_MS_MAX = 1_000;

describe('an event with 100,000 tickets is called off', () => {
  const database = useDatabase();
  const app = useApp(database);

  /** The largest bookings that there can be, very many small ones, and people that wait. */
  async function fullEvent(): Promise<{ id: string; sectionId: string }> {
    const opening = app.nest.get(OpeningService);
    const { body } = await opening.open({ name: 'Festival', totalTickets: TICKETS }, undefined);
    const sectionId = body.sections[0]!.id;
    const engine = app.nest.get(BookingEngine);
    const book = (identifier: string, quantity: number): BookingRequest => {
      return { kind: 'book', sectionId, identifier, quantity, onSoldOut: 'wait' };
    };
    for (let party = 0; party < PARTIES; party += 1) {
      await engine.run([book(`party-${party}`, 10_000)]);
    }
    for (let done = 0; done < SINGLES + WAITING; done += BATCH) {
      await engine.run(Array.from({ length: BATCH }, (_, nth) => book(`one-${done + nth}`, 1)));
    }
    return { id: body.id, sectionId };
  }

  /** Wants the section's row, again and again, as a booking would; tells how long it waited. */
  async function watchLock(
    sectionId: string,
    isOver: () => boolean,
  ): Promise<{ readonly times: number; readonly longestMs: number }> {
    const connection = await connectTo(database.url);
    let [times, longestMs] = [0, 0];
    while (!isOver()) {
      await connection.query('START TRANSACTION');
      const asked = performance.now();
      await connection.query('SELECT available FROM sections WHERE id = ? FOR UPDATE', [sectionId]);
      longestMs = Math.max(longestMs, performance.now() - asked);
      await connection.query('ROLLBACK');
      times += 1;
    }
    await connection.end();
    return { times, longestMs };
  }

  it('without a lock of more than a second', async () => {
    const { id, sectionId } = await fullEvent();
    let isOver = false;
    const watching = watchLock(sectionId, () => isOver);
    const started = performance.now();
    const { body } = await app.nest.get(CallingOffService).callOff(id, undefined);
    const answeredMs = performance.now() - started;
    expect(body.event.status).toBe('CANCELLED');
    const isWoundUp = async (): Promise<boolean> => {
      const rows = await database.query('SELECT id FROM events WHERE id = ? AND is_ending = 1', [
        id,
      ]);
      return rows.length === 0;
    };
    await eventually('the end of everything', isWoundUp, 50_000);
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    isOver = true;
    const { times, longestMs } = await watching;
    process.stdout.write(
      `\n${TICKETS} tickets, ${WAITING} waiting: called off in ${seconds} s, answered after ` +
        `${Math.round(answeredMs)} ms; ${times} others had the lock meanwhile and waited for ` +
        `${Math.round(longestMs)} ms at the most\n\n`,
    );
    expect(longestMs).toBeLessThan(LOCKED_MS_MAX);
    expect(times).toBeGreaterThan(100);
    const [section] = await database.query(
      'SELECT booked, held, waiting, bookings, available FROM sections WHERE id = ?',
      [sectionId],
    );
    expect(section).toEqual({ booked: 0, held: 0, waiting: 0, bookings: 0, available: TICKETS });
    await assertInvariants(database.url);
  }, 120_000);
});
