import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';
import { makeKey } from '../kit/keys.js';
import { routesOf } from './support/routes.js';
import { spellingsOf } from './support/spellings.js';

/** Data of one organiser does not exist for another. */
describe('another organiser', () => {
  const database = useDatabase();
  const app = useApp(database, { AUTH_MODE: 'keys', RATE_LIMIT_WRONG_KEYS_PER_MINUTE: '100000' });
  let theatre: string;
  let cinema: string;
  /** The ids of what the theatre has, by their names in paths and bodies. */
  const own = { event: '', section: '', booking: '', hold: '', entry: '', seat: '', userId: '' };

  const sending = (method: string, path: string) =>
    request(app.server)[method.toLowerCase() as 'post'](path);
  const send = (key: string, method: string, path: string, body?: object) =>
    sending(method, path).set('Authorization', `Bearer ${key}`).send(body);
  const post = async (key: string, path: string, body: object, status = 201) =>
    (await send(key, 'POST', path, body).expect(status)).body;

  beforeAll(async () => {
    theatre = await makeKey(database.url, 'Theatre');
    cinema = await makeKey(database.url, 'Cinema');
    const sections = [{ name: 'Stalls', seats: { rows: ['A'], perRow: 3 } }];
    const event = await post(theatre, '/v1/events', { name: 'Hamlet', sections });
    own.event = event.id;
    own.section = event.sections[0].id;
    const wish = { eventId: own.event, identifier: 'ann' };
    const { booking } = await post(theatre, '/v1/bookings', wish);
    [own.booking, own.userId] = [booking.id, booking.userId];
    own.hold = (await post(theatre, '/v1/holds', { ...wish, quantity: 2 })).id;
    own.entry = (await post(theatre, '/book', { ...wish, identifier: 'bob' })).waitingEntry.id;
    const { body } = await send(theatre, 'GET', `/v1/events/${own.event}/seats`);
    own.seat = body.data[0].id;
  });

  const idIn = (path: string): string => {
    const ids: Readonly<Record<string, string>> = {
      events: own.event,
      bookings: own.booking,
      holds: own.hold,
      seats: own.seat,
      waitlist: own.entry,
    };
    return ids[/^\/v1\/(\w+)/.exec(path)![1]!]!;
  };

  it('gets 404 from every route with an id', async () => {
    const before = await send(theatre, 'GET', `/v1/events/${own.event}`);
    const routes = routesOf(app.nest).filter(({ path, access }) => {
      return path.includes(':') && access !== 'public';
    });
    expect(routes.length).toBeGreaterThan(15);
    for (const { method, path } of routes) {
      const body = path.startsWith('/v1/seats') ? { identifier: 'ann' } : {};
      const { status } = await send(cinema, method, path.replace(':id', idIn(path)), body);
      expect([method, path, status]).toEqual([method, path, 404]);
      const { status: nobodys } = await send(cinema, method, path.replace(':id', own.userId), body);
      expect([method, path, nobodys]).toEqual([method, path, 404]);
      for (const spelling of spellingsOf(path.replace(':id', idIn(path)))) {
        const other = await send(cinema, method, spelling, body);
        expect([method, spelling, [400, 404].includes(other.status)]).toEqual([
          method,
          spelling,
          true,
        ]);
      }
    }
    expect((await send(theatre, 'GET', `/v1/events/${own.event}`)).body).toEqual(before.body);
  });

  it.each(['/book', '/cancel', '/v1/bookings', '/v1/holds'])(
    'gets event_not_found from POST %s',
    async (path) => {
      const wish = { eventId: own.event, identifier: 'ann' };
      expect(await post(cinema, path, wish, 404)).toMatchObject({ code: 'event_not_found' });
      const more = { ...wish, sectionId: own.section };
      expect(await post(cinema, path, more, 404)).toMatchObject({ code: 'event_not_found' });
    },
  );

  it.each([
    ['events', '/v1/events?', 200],
    ['bookings of the event', '/v1/bookings?eventId=EVENT', 200],
    ['bookings of the person', '/v1/bookings?identifier=ann', 200],
    ['waitlist entries', '/v1/waitlist?eventId=EVENT', 404],
    ['waitlist entries of a person', '/v1/waitlist?eventId=EVENT&identifier=bob', 404],
  ])('sees nothing in the list of %s', async (_, path, status) => {
    const { body } = await send(cinema, 'GET', path.replace('EVENT', own.event)).expect(status);
    if (status === 200) expect(body.data).toEqual([]);
    const mine = await send(theatre, 'GET', path.replace('EVENT', own.event)).expect(200);
    expect(mine.body.data).toHaveLength(1);
  });

  it('has a different user for the same identifier', async () => {
    const event = await post(cinema, '/initialize', { name: 'Film', totalTickets: 1 });
    const { tickets } = await post(cinema, '/book', { eventId: event.id, identifier: 'ann' });
    expect(tickets[0].userId).not.toBe(own.userId);
  });

  it('does not get the stored answer of the same idempotency key', async () => {
    const open = (key: string) =>
      send(key, 'POST', '/initialize', { name: 'Gala', totalTickets: 1 })
        .set('Idempotency-Key', 'gala')
        .expect(201);
    const [first, second, again] = [await open(theatre), await open(cinema), await open(theatre)];
    expect(second.body.id).not.toBe(first.body.id);
    expect(second.headers['idempotency-replayed']).toBeUndefined();
    expect(again.body).toEqual(first.body);
  });

  it('cannot read the public status of a draft, but can once it is published', async () => {
    const draft = { name: 'Not yet', totalTickets: 1, status: 'DRAFT' };
    const { id } = await post(theatre, '/v1/events', draft);
    for (const path of [`/status/${id}`, `/v1/events/${id}/status`]) {
      const { body } = await request(app.server).get(path).expect(404);
      expect(body.code).toBe('event_not_found');
    }
    await send(theatre, 'GET', `/v1/events/${id}`).expect(200);
    await send(theatre, 'POST', `/v1/events/${id}/publish`).expect(200);
    await request(app.server).get(`/status/${id}`).expect(200);
  });

  it('cannot read the public status of a draft that was cancelled', async () => {
    const draft = { name: 'Never', totalTickets: 1, status: 'DRAFT' };
    const { id } = await post(theatre, '/v1/events', draft);
    await send(theatre, 'POST', `/v1/events/${id}/cancel`).expect(200);
    for (const path of [`/status/${id}`, `/v1/events/${id}/status`]) {
      const { body } = await request(app.server).get(path).expect(404);
      expect(body.code).toBe('event_not_found');
    }
    await send(theatre, 'GET', `/v1/events/${id}`).expect(200);
  });

  it.each(['PUBLISHED', 'DRAFT'])(
    'can read the public status of a cancelled event that was published, created as %s',
    async (status) => {
      const { id } = await post(theatre, '/v1/events', { name: 'Gone', totalTickets: 1, status });
      await send(theatre, 'POST', `/v1/events/${id}/publish`).expect(200);
      await send(theatre, 'POST', `/v1/events/${id}/cancel`).expect(200);
      const { body } = await request(app.server).get(`/status/${id}`).expect(200);
      expect(body.status).toBe('CANCELLED');
    },
  );

  it('can read the public status of an event that an instance of the version before published', async () => {
    const { id } = await post(theatre, '/v1/events', {
      name: 'During an upgrade',
      totalTickets: 1,
    });
    await database.query('UPDATE events SET published_at = NULL WHERE id = ?', [id]);
    const statusOf = async () =>
      (await request(app.server).get(`/v1/events/${id}/status`).expect(200)).body.status;
    expect(await statusOf()).toBe('PUBLISHED');
    await send(theatre, 'POST', `/v1/events/${id}/cancel`).expect(200);
    expect(await statusOf()).toBe('CANCELLED');
  });

  it('can read the public status of an event', async () => {
    const { body } = await request(app.server).get(`/status/${own.event}`).expect(200);
    expect(body).toMatchObject({ bookedTickets: 1, heldTickets: 2, waitingListCount: 1 });
  });
});
