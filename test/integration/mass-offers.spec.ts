import {
  AllocationEngine,
  type CommandRequest,
  AllocationService,
} from '../../src/allocation/index.js';
import { CancelEventService } from '../../src/events/cancel-event.service.js';
import { CreateEventService } from '../../src/events/create-event.service.js';
import { assertInvariants, useApp, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { watchLock } from '../kit/watch-lock.js';
import { CONTEXT, someone } from '../kit/request-context.js';
import { intensity, wallClock } from '../setup/intensity.js';

const OFFERS = intensity('MASS_OFFERS');
const PARTY = OFFERS / 2;
const BATCH = 1_000;

const LOCKED_MS_MAX = 1_000;

interface Opened {
  readonly id: string;
  readonly sectionId: string;
}

describe(`${OFFERS} offers that expire together, and ${OFFERS} more people waiting`, () => {
  const database = useDatabase();
  const app = useApp(database);

  const run = (requests: readonly CommandRequest[]) => app.nest.get(AllocationEngine).run(requests);

  /** Runs one command, as for a client. */
  const submit = async (request: CommandRequest) =>
    (await app.nest.get(AllocationService).submit(request)).outcome;

  const book = (sectionId: string, identifier: string, quantity = 1): CommandRequest => {
    return { kind: 'book', sectionId, person: someone(identifier), quantity, onSoldOut: 'wait' };
  };

  /** Makes offers of all places, and lets as many other people wait. */
  async function offer(): Promise<Opened> {
    const waitlist = { mode: 'offer', offerTtlSeconds: 600 } as const;
    const event = { name: 'Festival', totalTickets: OFFERS, waitlist };
    const { body } = await app.nest.get(CreateEventService).create(event, CONTEXT);
    const sectionId = body.sections[0]!.id;
    const parties = Array.from({ length: OFFERS / PARTY }, (_, nth) => `party-${nth}`);
    for (const party of parties) await run([book(sectionId, party, PARTY)]);
    for (let done = 0; done < 2 * OFFERS; done += BATCH) {
      await run(Array.from({ length: BATCH }, (_, nth) => book(sectionId, `one-${done + nth}`)));
    }
    const target = { by: 'newest', quantity: PARTY } as const;
    for (const identifier of parties)
      await run([{ kind: 'cancel', sectionId, person: someone(identifier), target }]);
    return { id: body.id, sectionId };
  }

  /** Makes all offers look ten minutes older. */
  async function pass(sectionId: string): Promise<void> {
    const past = new Date(Date.now() - 1_000);
    await database.query('UPDATE holds SET expires_at = ? WHERE section_id = ?', [past, sectionId]);
    await database.query('UPDATE sections SET holds_expire_at = ? WHERE id = ?', [past, sectionId]);
  }

  async function whileWatched(sectionId: string, what: string, act: () => Promise<void>) {
    let isOver = false;
    const watching = watchLock(database.url, sectionId, () => isOver);
    const started = performance.now();
    await act().finally(() => (isOver = true));
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    const { times, longestMs } = await watching;
    process.stdout.write(
      `\n${OFFERS} offers ${what} in ${seconds} s; ${times} other transactions got the lock ` +
        `meanwhile, after ${Math.round(longestMs)} ms at most\n\n`,
    );
    expect(longestMs).toBeLessThan(wallClock(LOCKED_MS_MAX));
    expect(times).toBeGreaterThanOrEqual(OFFERS / 1_000);
  }

  const counts = async (table: string, sectionId: string): Promise<object> => {
    const rows = await database.query<{ status: string; count: number }>(
      `SELECT status, COUNT(*) AS count FROM ${table} WHERE section_id = ? GROUP BY status`,
      [sectionId],
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  };

  const sectionOf = async (sectionId: string) => {
    const [section] = await database.query<{ held: number; waiting: number; isDue: number | null }>(
      `SELECT held, booked, waiting, holds_expire_at <= ? AS isDue FROM sections WHERE id = ?`,
      [new Date(), sectionId],
    );
    return section!;
  };

  it('go to the waitlist, while other commands are served', async () => {
    const { sectionId } = await offer();
    await pass(sectionId);
    await whileWatched(sectionId, 'expired', async () => {
      expect(await submit(book(sectionId, 'newcomer'))).toMatchObject({ kind: 'waitlisted' });
      const target = { by: 'newest', quantity: 1 } as const;
      const leave = { kind: 'cancel', sectionId, person: someone('newcomer'), target } as const;
      expect(await submit(leave)).toMatchObject({ kind: 'left' });
      expect(await sectionOf(sectionId)).toMatchObject({ isDue: 1 });
      const isDone = async () => (await sectionOf(sectionId)).isDue === 0;
      await eventually('the end of all offers', isDone, 40_000);
    });
    expect(await counts('holds', sectionId)).toEqual({ EXPIRED: OFFERS, HELD: OFFERS });
    const entries = { EXPIRED: OFFERS, OFFERED: OFFERS, LEFT: 1 };
    expect(await counts('waitlist_entries', sectionId)).toEqual(entries);
    expect(await sectionOf(sectionId)).toMatchObject({ held: OFFERS, waiting: 0 });
    await assertInvariants(database.url);
  }, 120_000);

  it('end when their event is cancelled', async () => {
    const { id, sectionId } = await offer();
    await pass(sectionId);
    await whileWatched(sectionId, 'cancelled', async () => {
      const { body } = await app.nest.get(CancelEventService).cancel(id, CONTEXT);
      expect(body.event.status).toBe('CANCELLED');
      const ended = 'SELECT id FROM events WHERE id = ? AND is_ending = 0';
      const isDone = async () => (await database.query(ended, [id])).length === 1;
      await eventually('the end of the cancellation', isDone, 40_000);
    });
    const nothing = { held: 0, booked: 0, waiting: 0, isDue: null };
    expect(await sectionOf(sectionId)).toEqual(nothing);
    await assertInvariants(database.url);
  }, 120_000);
});
