import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';
import { makeKey } from '../kit/keys.js';

const MOST = 2_147_483_647;

describe('a key that may not read bookings', () => {
  const database = useDatabase();
  const app = useApp(database, { AUTH_MODE: 'keys' });
  let blind: string;
  let seeing: string;
  let eventId: string;

  const post = (key: string, path: string, body: object) =>
    request(app.server).post(path).set('Authorization', `Bearer ${key}`).send(body);

  beforeAll(async () => {
    blind = await makeKey(database.url, 'Theatre', ['bookings:write', 'events:write']);
    seeing = await makeKey(database.url, 'Theatre');
  });

  beforeEach(async () => {
    const event = { name: 'Opera', totalTickets: 2, limits: { maxPerPerson: 2 } };
    eventId = (await post(blind, '/v1/events', event).expect(201)).body.id;
    await post(blind, '/book', { eventId, identifier: 'booked', quantity: 2 }).expect(201);
    await post(blind, '/book', { eventId, identifier: 'waits' }).expect(201);
  });

  it('gets one answer about anybody to a cancellation of too many places', async () => {
    const answers = [];
    for (const identifier of ['booked', 'waits', 'nobody']) {
      const { status, body } = await post(blind, '/cancel', {
        eventId,
        identifier,
        quantity: MOST,
      });
      const { requestId: _, ...told } = body;
      answers.push({ status, told });
    }
    expect(answers[0]).toMatchObject({ status: 404, told: { code: 'booking_not_found' } });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    const { body } = await request(app.server).get(`/status/${eventId}`).expect(200);
    expect(body).toMatchObject({ bookedTickets: 2, waitingListCount: 1 });
  });

  it('is not told how many places a customer has when a limit refuses', async () => {
    const event = { name: 'Opera', totalTickets: 4, limits: { maxPerPerson: 2 } };
    const { id } = (await post(blind, '/v1/events', event).expect(201)).body;
    await post(blind, '/book', { eventId: id, identifier: 'booked', quantity: 2 }).expect(201);
    for (const path of ['/v1/holds', '/book']) {
      const wish = { eventId: id, identifier: 'booked', quantity: 1 };
      const told = (await post(seeing, path, wish).expect(409)).body;
      expect(told).toMatchObject({ code: 'limit_exceeded', has: 2 });
      const { body } = await post(blind, path, wish).expect(409);
      expect(body).toMatchObject({ code: 'limit_exceeded', limit: 2 });
      expect(body).not.toHaveProperty('has');
    }
  });

  describe('whose request is refused', () => {
    /** The answers about several customers, without what differs in every response. */
    const answers = async (path: string, wish: object, people: readonly string[]) => {
      const told = [];
      for (const identifier of people) {
        const { status, body } = await post(blind, path, { ...wish, identifier });
        const { requestId: _, ...rest } = body;
        told.push({ status, ...rest });
      }
      return told;
    };

    const sell = async (event: object, ...buyers: readonly (readonly [string, number])[]) => {
      const { body } = await post(blind, '/v1/events', { name: 'Opera', ...event }).expect(201);
      for (const [identifier, quantity] of buyers) {
        await post(blind, '/book', { eventId: body.id, identifier, quantity }).expect(201);
      }
      return body.id as string;
    };

    it.each([
      ['/book', { onSoldOut: 'refuse' }],
      ['/v1/holds', {}],
    ])('is told that places are sold out, whoever is at their limit (%s)', async (path, more) => {
      const wish = { eventId, quantity: 1, ...more };
      const told = await answers(path, wish, ['booked', 'waits', 'nobody']);
      expect(told[0]).toMatchObject({ status: 409, code: 'sold_out' });
      expect(told).toEqual([told[0], told[0], told[0]]);
    });

    it('is told that the waitlist is full, whoever waits or is at their limit', async () => {
      const event = { totalTickets: 2, limits: { maxPerPerson: 2 }, waitlist: { maxSize: 1 } };
      const id = await sell(event, ['booked', 2], ['waits', 1]);
      const told = await answers('/book', { eventId: id }, ['booked', 'waits', 'nobody']);
      expect(told[0]).toMatchObject({ status: 409, code: 'waitlist_full' });
      expect(told).toEqual([told[0], told[0], told[0]]);
    });

    it('is told that a seat is taken, whoever is at their limit', async () => {
      const sections = [{ name: 'Stalls', seats: { rows: ['A'], perRow: 2 } }];
      const id = await sell({ sections, limits: { maxPerPerson: 1 } }, ['booked', 1]);
      const seats = await request(app.server)
        .get(`/v1/events/${id}/seats?status=BOOKED`)
        .set('Authorization', `Bearer ${blind}`)
        .expect(200);
      const [{ id: seatId }] = seats.body.data;
      for (const [path, wish] of [
        [`/v1/seats/${seatId}/reserve`, {}],
        ['/book', { eventId: id, seatIds: [seatId] }],
      ] as const) {
        const told = await answers(path, wish, ['booked', 'nobody']);
        expect(told[0]).toMatchObject({ status: 409, code: 'seat_taken' });
        expect(told[1]).toEqual(told[0]);
      }
    });

    it('is told of a limit that nobody could keep to before anything else', async () => {
      const told = await answers('/v1/holds', { eventId, quantity: 3 }, ['booked', 'nobody']);
      expect(told[0]).toMatchObject({ code: 'exceeds_capacity' });
      const id = await sell({ totalTickets: 5, limits: { maxPerPerson: 2 } }, ['booked', 2]);
      const limited = await answers('/book', { eventId: id, quantity: 3 }, ['booked', 'nobody']);
      expect(limited[0]).toMatchObject({ code: 'limit_exceeded', limit: 2, per: 'person' });
      expect(limited[1]).toEqual(limited[0]);
    });

    it('is told about the customer where anyone else would have been served', async () => {
      const id = await sell({ totalTickets: 4, limits: { maxPerPerson: 2 } }, ['booked', 2]);
      const [told] = await answers('/book', { eventId: id }, ['booked']);
      expect(told).toMatchObject({ code: 'limit_exceeded', limit: 2 });
      const [waiting] = await answers('/book', { eventId }, ['waits']);
      expect(waiting).toMatchObject({ code: 'already_waiting' });
    });

    it('differs from what a key is told that may read', async () => {
      const about = (identifier: string) =>
        post(seeing, '/v1/holds', { eventId, identifier, quantity: 1 }).expect(409);
      expect((await about('booked')).body).toMatchObject({ code: 'limit_exceeded', has: 2 });
      expect((await about('nobody')).body).toMatchObject({ code: 'sold_out' });
    });
  });

  it('still cancels, and takes a customer off the waitlist', async () => {
    await post(blind, '/cancel', { eventId, identifier: 'waits' }).expect(200);
    const wish = { eventId, identifier: 'booked', quantity: 2 };
    expect((await post(blind, '/cancel', wish).expect(200)).body.tickets).toHaveLength(2);
  });

  it('spends an attempt of the customer with each cancellation', async () => {
    const body = { eventId, identifier: 'guessed' };
    for (let sent = 0; sent < 20; sent += 1) await post(blind, '/cancel', body).expect(404);
    expect((await post(blind, '/cancel', body).expect(429)).body.code).toBe('too_many_attempts');
    await post(seeing, '/cancel', body).expect(404);
  });

  it('differs from a key that may', async () => {
    const wish = { eventId, quantity: MOST };
    const { body } = await post(seeing, '/cancel', { ...wish, identifier: 'booked' }).expect(409);
    expect(body).toMatchObject({ code: 'quantity_exceeds_booking', held: 2 });
    await post(seeing, '/cancel', { ...wish, identifier: 'waits' }).expect(200);
  });
});
