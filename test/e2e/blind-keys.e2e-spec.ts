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
    for (const path of ['/v1/holds', '/book']) {
      const wish = { eventId, identifier: 'booked', quantity: 1 };
      const told = (await post(seeing, path, wish).expect(409)).body;
      expect(told).toMatchObject({ code: 'limit_exceeded', has: 2 });
      const { body } = await post(blind, path, wish).expect(409);
      expect(body).toMatchObject({ code: 'limit_exceeded', limit: 2 });
      expect(body).not.toHaveProperty('has');
    }
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
