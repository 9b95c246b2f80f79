import request from 'supertest';
import { connectTo, useApp, useDatabase } from '../kit/index.js';
import { totalsOf } from '../kit/histogram.js';
import { lanesOf } from '../kit/lanes.js';
import { eventually } from '../kit/eventually.js';

const HOLDS = 8;
const PLACES_EACH = 2_000;
/** The most places in a batch of more than one command. */
const PLACES_MAX = 5_000;

/** Requests that can only be refused, and the largest quantity that a request may have. */
const REFUSED = 40;
const QUANTITY_MAX = 2_147_483_647;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('commands for a hold, a booking or an offer of thousands of places', () => {
  const database = useDatabase();
  const app = useApp(database, { LANES: '1' });
  let eventId: string;

  const hold = async (nth: number): Promise<string> => {
    const wish = { eventId, identifier: `person-${nth}`, quantity: PLACES_EACH };
    return (await request(app.server).post('/v1/holds').send(wish).expect(201)).body.id;
  };

  /** Sends while the section is locked, so that commands wait in the lane together. */
  async function atOnce<Answer>(
    send: () => PromiseLike<Answer>[],
    waitingMin = 1,
  ): Promise<Answer[]> {
    const holder = await connectTo(database.url);
    await holder.query('START TRANSACTION');
    await holder.query('SELECT 1 FROM sections WHERE event_id = ? FOR UPDATE', [eventId]);
    const answers = Promise.all(send());
    const lanes = lanesOf(app.nest);
    // At least one command is running, and waits for the lock.
    await eventually('the other commands to wait', () => lanes.states[0]!.waiting >= waitingMin);
    await holder.end();
    return answers;
  }

  /** The most places that one transaction booked, or cancelled. */
  async function mostAtOnce(time: 'created_at' | 'cancelled_at'): Promise<number> {
    const rows = await database.query<{ places: number }>(
      `SELECT COUNT(*) AS places
         FROM bookings booking JOIN tickets ticket ON ticket.booking_id = booking.id
        GROUP BY booking.${time}`,
    );
    return Math.max(...rows.map(({ places }) => places));
  }

  beforeAll(async () => {
    const totalTickets = HOLDS * PLACES_EACH;
    const event = { name: 'Stadium', totalTickets };
    eventId = (await request(app.server).post('/initialize').send(event)).body.id;
  });

  it('take several transactions: confirming holds, cancelling bookings', async () => {
    const holdIds: string[] = [];
    for (const nth of range(HOLDS)) holdIds.push(await hold(nth));
    const confirmed = await atOnce(() =>
      holdIds.map((id) => request(app.server).post(`/v1/holds/${id}/confirm`).expect(201)),
    );
    expect(await mostAtOnce('created_at')).toBeLessThanOrEqual(PLACES_MAX);
    const bookingIds: string[] = confirmed.map(({ body }) => body.booking.id);
    await atOnce(() =>
      bookingIds.map((id) => request(app.server).delete(`/v1/bookings/${id}`).expect(204)),
    );
    expect(await mostAtOnce('cancelled_at')).toBeLessThanOrEqual(PLACES_MAX);
  });

  it('take several transactions: accepting offers', async () => {
    const totalTickets = HOLDS * PLACES_EACH;
    const event = { name: 'Stadium', totalTickets, waitlist: { mode: 'offer' } };
    const opened = await request(app.server).post('/v1/events').send(event).expect(201);
    eventId = opened.body.id;
    const book = async (identifier: string): Promise<void> => {
      const wish = { eventId, identifier, quantity: PLACES_EACH };
      await request(app.server).post('/book').send(wish).expect(201);
    };
    for (const nth of range(HOLDS)) await book(`holder-${nth}`);
    for (const nth of range(HOLDS)) await book(`waiting-${nth}`);
    for (const nth of range(HOLDS)) {
      const wish = { eventId, identifier: `holder-${nth}`, quantity: PLACES_EACH };
      await request(app.server).post('/cancel').send(wish).expect(200);
    }
    const offered = await request(app.server).get(`/v1/waitlist?eventId=${eventId}`).expect(200);
    const entries = offered.body.data as { id: string; status: string }[];
    expect(entries.map(({ status }) => status)).toEqual(range(HOLDS).map(() => 'OFFERED'));
    await atOnce(() =>
      entries.map(({ id }) => request(app.server).post(`/v1/waitlist/${id}/accept`).expect(201)),
    );
    expect(await mostAtOnce('created_at')).toBeLessThanOrEqual(PLACES_MAX);
  });

  it('share a transaction if they can only be refused, whatever they ask for', async () => {
    const event = { name: 'Club', totalTickets: 10 };
    eventId = (await request(app.server).post('/initialize').send(event)).body.id;
    const { batchSizes } = lanesOf(app.nest).statistics;
    const { count: before } = await totalsOf(batchSizes);
    const send = (nth: number) => {
      const address = nth % 2 === 0 ? '/book' : '/v1/holds';
      const wish = { eventId, identifier: `person-${nth}`, quantity: QUANTITY_MAX };
      return request(app.server).post(address).send(wish).expect(409);
    };
    // The transaction that waits for the lock has taken a few of them.
    const answers = await atOnce(() => range(REFUSED).map(send), (REFUSED * 3) / 4);
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(new Set(['exceeds_capacity']));
    const { count } = await totalsOf(batchSizes);
    expect(count - before).toBeLessThan(REFUSED / 2);
  });
});
