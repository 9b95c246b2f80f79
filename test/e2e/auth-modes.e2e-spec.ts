import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import request from 'supertest';
import { runAdoption } from '../../src/access/cli/adopt-command.js';
import { migrateUp } from '../../src/platform/database/index.js';
import { connectTo, ServiceProcess, useApp, useDatabase } from '../kit/index.js';
import { createEmptyDatabase } from '../kit/database.js';
import { Api } from '../kit/api.js';
import { makeKey } from '../kit/keys.js';
import { type End, endOf } from './support/layout.js';

const SCRIPT = join(__dirname, '../../scripts/keys.mjs');

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

describe('npm run keys -- adopt', () => {
  let url: string;
  const keys = (...args: string[]): Promise<End> =>
    endOf(SCRIPT, args, { PATH: process.env['PATH'], DATABASE_URL: url });
  const adopt = async (isConfirmed: boolean) =>
    runAdoption({ verb: 'adopt', organiserName: 'Theatre', isConfirmed }, url, new Date());

  beforeAll(async () => {
    url = await createEmptyDatabase(`t_adopt_${randomBytes(3).toString('hex')}`);
    await migrateUp(url);
  });

  it('gives events of open mode to an organiser, with their customers', async () => {
    const key = await makeKey(url, 'Theatre');
    const headers = { Authorization: `Bearer ${key}` };
    // Ann and Cat are known to the organiser already; Bob is not.
    let service = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'keys' });
    let api = new Api(service.api.baseUrl, headers);
    const own = await api.open(5, 'Own');
    const ann = (await api.book(own, 'ann')).body.tickets[0]!.userId;
    await api.book(own, 'cat');
    await service.stop();

    service = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'open' });
    const eventId = await service.api.open(2, 'Gala');
    const annHere = (await service.api.book(eventId, 'ann')).body.tickets[0]!.userId;
    expect(annHere).not.toBe(ann);
    await service.api.post('/v1/holds', { eventId, identifier: 'bob' });
    const waiting = (await service.api.book(eventId, 'cat')).body.waitingEntry;
    const refusal = /Other programs use this database .*Stop all instances first/;
    await expect(adopt(true)).rejects.toThrow(refusal);
    await service.stop();

    const planned = await keys('adopt', '--organiser', 'Theatre');
    expect(planned.code).toBe(0);
    expect(planned.out).toBe(
      'To be given to Theatre: events: 1, customers: 3 (already known to the organiser: 2)\n',
    );
    expect(planned.complaint).toContain('Nothing was changed. Add --yes to confirm.');
    expect((await adopt(true)).answer).toMatch(/^Given to Theatre: events: 1, customers: 3/);
    expect((await adopt(true)).answer).toMatch(/^Given to Theatre: events: 0, customers: 0/);

    service = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'keys' });
    api = new Api(service.api.baseUrl, headers);
    expect((await api.send('GET', `/v1/events/${eventId}`)).status).toBe(200);
    const list = await api.send('GET', `/v1/bookings?identifier=ann`);
    expect(list.body).toMatchObject({ data: [{ userId: ann }, { userId: ann }] });
    expect((await api.cancel(eventId, 'ann')).status).toBe(200);
    const entry = await api.send('GET', `/v1/waitlist/${waiting.id}`);
    expect(entry.body).toMatchObject({ status: 'PROMOTED' });
    expect((await api.cancel(eventId, 'cat')).status).toBe(200);
    await api.audit(eventId);
    await service.stop();
    const connection = await connectTo(url);
    const [rows] = await connection.query('SELECT identifier FROM users ORDER BY identifier');
    expect(rows).toEqual([{ identifier: 'ann' }, { identifier: 'bob' }, { identifier: 'cat' }]);
    await connection.end();
  });

  it('says in the banner that unowned events exist, until they are adopted', async () => {
    const open = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'open' });
    await open.api.open(1);
    await open.stop();
    const before = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'keys' });
    await before.stop();
    expect(before.output).toContain('npm run keys -- adopt');
    await adopt(true);
    const after = await ServiceProcess.start({ DATABASE_URL: url, AUTH_MODE: 'keys' });
    await after.stop();
    expect(after.output).not.toContain('npm run keys -- adopt');
  });

  it.each([['adopt'], ['adopt', '--organiser', 'A', '--no'], ['adopt', '--organiser', ' ']])(
    'refuses %s %s',
    async (...args) => {
      expect((await keys(...args)).code).toBe(2);
    },
  );
});
