import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';
import { makeKey } from '../kit/keys.js';

describe('in open mode, the events of an organiser', () => {
  const database = useDatabase();
  const keyed = useApp(database, { AUTH_MODE: 'keys' });
  const open = useApp(database, { AUTH_MODE: 'open' });
  let key: string;
  let eventId: string;
  let holdId: string;

  const send = (method: 'get' | 'post' | 'patch', path: string, body?: object) =>
    request(open.server)[method](path).send(body);
  const withKey = (method: 'get' | 'post', path: string, body?: object) =>
    request(keyed.server)[method](path).set('Authorization', `Bearer ${key}`).send(body);

  beforeAll(async () => {
    key = await makeKey(database.url, 'Theatre');
    const seats = { rows: ['A'], perRow: 9 };
    const body = {
      name: 'Hamlet',
      sections: [{ name: 'Stalls', seats }],
      limits: { maxPerPerson: 2 },
    };
    eventId = (await withKey('post', '/v1/events', body).expect(201)).body.id as string;
    const wish = { eventId, identifier: 'ann' };
    holdId = (await withKey('post', '/v1/holds', wish).expect(201)).body.id as string;
  });

  it('are listed, read, edited and audited', async () => {
    const { body } = await send('get', '/v1/events').expect(200);
    expect(body.data).toMatchObject([{ id: eventId }]);
    const start = '/v1/events?startsFrom=2020-01-01T00:00:00Z&status=PUBLISHED';
    await send('get', start).expect(200);
    await send('get', `/v1/events/${eventId}`).expect(200);
    await send('patch', `/v1/events/${eventId}`, { venue: 'Mill' }).expect(200);
    await send('post', `/v1/events/${eventId}/publish`).expect(200);
    await send('get', `/v1/events/${eventId}/audit`).expect(200);
    const seats = await send('get', `/v1/events/${eventId}/seats`).expect(200);
    expect(seats.body.data).toHaveLength(9);
  });

  it('keep their customers: a limit counts what they booked with an API key', async () => {
    await send('get', `/v1/holds/${holdId}`).expect(200);
    const wish = { eventId, identifier: 'ann' };
    const booked = (await send('post', '/book', wish).expect(201)).body;
    const { userId } = booked.tickets[0];
    const more = await send('post', '/v1/holds', wish).expect(409);
    expect(more.body.code).toBe('limit_exceeded');
    const list = await send('get', `/v1/bookings?eventId=${eventId}&identifier=ann`).expect(200);
    expect(list.body.data).toHaveLength(1);
    const mine = await withKey('get', `/v1/bookings?identifier=ann`).expect(200);
    expect(mine.body.data).toMatchObject([{ id: booked.bookingId, userId }]);
    const seats = await send('get', `/v1/events/${eventId}/seats?status=AVAILABLE`).expect(200);
    const taken = `/v1/seats/${seats.body.data[0].id}`;
    await send('post', `${taken}/reserve`, { identifier: 'bob' }).expect(201);
    await withKey('post', `${taken}/release`, { identifier: 'bob' }).expect(200);
    await send('get', `/v1/waitlist?eventId=${eventId}`).expect(200);
    await withKey('post', '/cancel', wish).expect(200);
  });

  it('do not hide that an event does not exist', async () => {
    const wish = { eventId: '01939c5e-0000-7000-8000-000000000000', identifier: 'ann' };
    expect((await send('post', '/book', wish).expect(404)).body.code).toBe('event_not_found');
  });
});
