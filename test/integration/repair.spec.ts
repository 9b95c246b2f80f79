import request from 'supertest';
import type { AuditResponse } from '../../src/events/dto/audit.dto.js';
import { EventRepair } from '../../src/events/repair/event-repair.js';
import { isSound } from '../../src/events/repair/section-repair.js';
import { TransactionRunner } from '../../src/platform/database/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import { samplesIn } from '../e2e/support/samples.js';

interface Row {
  readonly id: string;
  readonly [counter: string]: unknown;
}

describe('an event whose counters disagree with its rows', () => {
  const database = useDatabase();
  const app = useApp(database);
  let eventId: string;

  const post = (path: string, body: object) => request(app.server).post(path).send(body);
  const book = (identifier: string, quantity = 1) =>
    post('/book', { eventId, identifier, quantity });

  const damage = (assignments: string) =>
    database.query(`UPDATE sections SET ${assignments} WHERE event_id = ?`, [eventId]);

  const stored = async (): Promise<readonly Row[]> => [
    ...(await database.query<Row>('SELECT * FROM sections WHERE event_id = ?', [eventId])),
    ...(await database.query<Row>('SELECT * FROM waitlist_counts WHERE event_id = ?', [eventId])),
  ];

  async function disagreeing(): Promise<readonly string[]> {
    const { body } = await request(app.server).get(`/v1/events/${eventId}/audit`).expect(200);
    const { sections, consistent } = body as AuditResponse;
    const wrong = sections.flatMap(({ checks }) => checks.filter(({ agrees }) => !agrees));
    expect(consistent).toBe(wrong.length === 0);
    return wrong.map(({ name }) => name);
  }

  /** The positions of all who wait, in the order in which they joined. */
  async function positions(): Promise<readonly unknown[]> {
    const { body } = await request(app.server).get(`/v1/waitlist?eventId=${eventId}`).expect(200);
    return (body as { data: { position: number }[] }).data.map(({ position }) => position);
  }

  async function open(totalTickets: number): Promise<void> {
    const { body } = await post('/initialize', { name: 'Opera', totalTickets }).expect(201);
    eventId = (body as { id: string }).id;
  }

  /** Three places are booked, two held, and five free. */
  async function openWithFreePlaces(): Promise<void> {
    await open(10);
    await book('ann', 2).expect(201);
    await book('bob').expect(201);
    await post('/v1/holds', { eventId, identifier: 'carl', quantity: 2 }).expect(201);
  }

  /** All three places are booked; three customers wait, and one no longer does. */
  async function openSoldOut(): Promise<void> {
    await open(3);
    await book('ann', 2).expect(201);
    await book('bob').expect(201);
    const { body } = await book('gone').expect(201);
    for (const who of ['dora', 'emil', 'fay']) await book(who).expect(201);
    const entryId = (body as { waitingEntry: { id: string } }).waitingEntry.id;
    await request(app.server).delete(`/v1/waitlist/${entryId}`).expect(204);
  }

  const inProcess = () => new EventRepair(app.nest.get(TransactionRunner));
  const OPTIONS = { raisesCapacity: false };

  /** The damage is found; a plan changes nothing; a repair leaves nothing wrong. */
  async function expectRepair(names: readonly string[]): Promise<void> {
    expect(await disagreeing()).toEqual(names);
    const before = await stored();
    const planned = await inProcess().plan(eventId, OPTIONS);
    expect(await stored()).toEqual(before);
    expect(await inProcess().repair(eventId, OPTIONS)).toEqual(planned);
    expect(await disagreeing()).toEqual([]);
    expect((await inProcess().plan(eventId, OPTIONS)).every(isSound)).toBe(true);
  }

  /** The error in the log about a request that got this response. */
  const errorOf = ({ body }: request.Response) => {
    const { requestId } = body as { requestId: string };
    return app.log.find((line) => line.requestId === requestId && line.level === 50)!.error!;
  };

  it('fails with a 500 that the log explains and a metric counts, until it is repaired', async () => {
    await openSoldOut();
    await damage('last_seq = last_seq - 1');
    const counted = async () =>
      samplesIn((await request(app.server).get('/metrics')).text).find(
        ({ name }) => name === 'rowlock_counter_errors_total',
      )!.value;
    const before = await counted();
    const failed = await book('gina').expect(500);
    expect(failed.body).toMatchObject({ code: 'internal_error' });
    expect(failed.text).not.toMatch(/uq_|INSERT|Duplicate/);
    expect(await counted()).toBe(before + 1);
    const [{ id }] = (await stored()) as [Row];
    expect(errorOf(failed)).toMatchObject({
      type: 'CountersError',
      message: `Section ${id} violates uq_waitlist_line: the counters of event ${eventId} disagree with its rows. Run npm run repair -- --event ${eventId}`,
      cause: { message: 'ER_DUP_ENTRY', errno: 1062 },
    });
    await expectRepair(['lastSeq']);
    const joined = await book('gina').expect(201);
    expect(joined.body).toMatchObject({ waitlisted: true, waitingEntry: { position: 4 } });
    expect(await positions()).toEqual([1, 2, 3, 4]);
  });

  it('says the same if a rule finds it: a counter would fall below zero', async () => {
    await openSoldOut();
    await damage('waiting = 0');
    const [{ id }] = (await database.query(
      "SELECT id FROM waitlist_entries WHERE event_id = ? AND status = 'WAITING' ORDER BY seq LIMIT 1",
      [eventId],
    )) as [Row];
    const failed = await request(app.server).delete(`/v1/waitlist/${id}`).expect(500);
    expect(errorOf(failed).message).toMatch(/below zero: the counters .+ Run npm run repair/);
    await expectRepair(['waiting']);
    await request(app.server).delete(`/v1/waitlist/${id}`).expect(204);
    expect(await positions()).toEqual([1, 2]);
  });

  it.each([
    ['booked = booked - 1, available = available + 1', ['capacity', 'booked', 'available']],
    ['booked = booked + 1, available = available - 1', ['capacity', 'booked', 'available']],
    ['held = held - 1, available = available + 1', ['capacity', 'held', 'available']],
    ['held = held + 1, available = available - 1', ['capacity', 'held', 'available']],
    ['bookings = bookings - 1', ['bookings']],
    ['bookings = bookings + 1', ['bookings']],
    ['holds_expire_at = NULL', ['expiringHolds']],
    ['holds_expire_at = holds_expire_at + INTERVAL 1 HOUR', ['expiringHolds']],
  ])('is repaired while places are free: %s', async (assignments, names) => {
    await openWithFreePlaces();
    const [good] = (await stored()) as [Row];
    await damage(assignments);
    await expectRepair(names);
    const { version, counted_version: _, ...counters } = good;
    const [now] = (await stored()) as [Row];
    expect(now).toMatchObject({ ...counters, version: Number(version) + 1 });
    await book('gina', 5).expect(201);
    await post('/cancel', { eventId, identifier: 'ann', quantity: 2 }).expect(200);
  });

  it.each([
    ['waiting = waiting - 1', ['waiting']],
    ['waiting = waiting + 1', ['waiting']],
    ['booked = booked - 1, available = available + 1', ['capacity', 'booked', 'available']],
  ])('is repaired while customers wait: %s', async (assignments, names) => {
    await openSoldOut();
    await damage(assignments);
    await expectRepair(names);
    await book('gina').expect(201);
    expect(await positions()).toEqual([1, 2, 3, 4]);
  });

  it('is repaired if positions are wrong', async () => {
    await openSoldOut();
    await database.query('UPDATE waitlist_counts SET waiting = waiting + 7 WHERE event_id = ?', [
      eventId,
    ]);
    await expectRepair(['positions']);
    expect(await positions()).toEqual([1, 2, 3]);
  });

  it('gives places that turn out to be free to the waitlist', async () => {
    await openSoldOut();
    await damage('capacity = 4, booked = 4');
    await expectRepair(['capacity', 'booked', 'available']);
    expect(await positions()).toEqual([1, 2]);
    const { body } = await request(app.server)
      .get('/v1/bookings')
      .query({ eventId, identifier: 'dora' })
      .expect(200);
    expect((body as { data: object[] }).data).toHaveLength(1);
  });

  it('has each repair in its history', async () => {
    await openSoldOut();
    await damage('bookings = bookings - 1');
    await expectRepair(['bookings']);
    const { body } = await request(app.server).get(`/v1/events/${eventId}/history`).expect(200);
    const [newest] = (body as { data: object[] }).data;
    const actor = { kind: 'operator', keyId: null, name: null, requestId: null };
    expect(newest).toMatchObject({ type: 'section.repaired', actor });
  });

  it('can be repaired while customers book and cancel, who lose nothing', async () => {
    await open(40);
    let isRunning = true;
    let repairs = 0;
    const repairing = (async () => {
      while (isRunning) {
        await damage('bookings = IF(bookings > 0, bookings - 1, 0)');
        const results = await inProcess().repair(eventId, OPTIONS);
        if (results.some(({ counters }) => counters !== undefined)) repairs += 1;
      }
    })();
    const storm = async (who: string): Promise<string> => {
      await book(`${who} cancels`).expect(201);
      const { body } = await book(`${who} stays`).expect(201);
      await post('/cancel', { eventId, identifier: `${who} cancels` }).expect(200);
      const { waitingEntry, bookingId } = body as { waitingEntry?: Row; bookingId: string };
      return waitingEntry?.id ?? bookingId;
    };
    const acknowledged: string[] = [];
    try {
      for (let round = 0; round < 8; round += 1) {
        const people = Array.from({ length: 10 }, (_, nth) => storm(`person ${round}-${nth}`));
        acknowledged.push(...(await Promise.all(people)));
      }
    } finally {
      isRunning = false;
      await repairing;
    }
    expect(repairs).toBeGreaterThan(1);
    expect(await disagreeing()).toEqual([]);
    const kept = await database.query<Row>(
      `SELECT id FROM bookings WHERE event_id = ? AND status = 'CONFIRMED' UNION ALL
       SELECT id FROM waitlist_entries WHERE event_id = ? AND status IN ('WAITING', 'PROMOTED')`,
      [eventId, eventId],
    );
    const ids = new Set(kept.map(({ id }) => id));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
  });
});
