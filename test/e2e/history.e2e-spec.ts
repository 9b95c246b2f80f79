import request from 'supertest';
import { SCOPES } from '../../src/platform/common/index.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import { makeKey } from '../kit/keys.js';

const NOBODYS = '01939c5e-0000-7000-8000-000000000000';
const ADMIN_API_KEY = '5d1c0be7f5a4923e88d0a7b1c6f2493be07a51d8c3f6920e';

interface Change {
  readonly time: string;
  readonly type: string;
  readonly sectionId: string | null;
  readonly sequence: number;
  readonly actor: object;
}

describe('GET /v1/events/:id/history', () => {
  const database = useDatabase();
  const app = useApp(database, { AUTH_MODE: 'keys', ADMIN_API_KEY });
  const keys: { own: string; other: string } = { own: '', other: '' };

  beforeAll(async () => {
    // A worker could end what a cancelled event has before its request does.
    await app.nest.get(PeriodicWorkers).stop();
    keys.own = await makeKey(database.url, 'Theatre', SCOPES);
    keys.other = await makeKey(database.url, 'Cinema', SCOPES);
  });

  const send = (path: string, id: string, body: object = {}, key = keys.own) =>
    request(app.server)
      .post(path)
      .set('Authorization', `Bearer ${key}`)
      .set('X-Request-Id', id)
      .send(body);
  const read = (path: string, key = keys.own) =>
    request(app.server).get(path).set('Authorization', `Bearer ${key}`);
  const open = async (key = keys.own): Promise<string> =>
    (await send('/initialize', 'opening', { name: 'Gala', totalTickets: 1 }, key)).body.id;
  const historyOf = async (eventId: string, key = keys.own): Promise<readonly Change[]> =>
    (await read(`/v1/events/${eventId}/history`, key).expect(200)).body.data;

  it('tells when each change was made, by which key and in which request, newest first', async () => {
    const eventId = await open();
    await send('/book', 'first', { eventId, identifier: 'ann' }).expect(201);
    await send('/book', 'second', { eventId, identifier: 'ben' }).expect(201);
    await send('/book', 'refused', { eventId, identifier: 'ben' }).expect(409);
    await send('/cancel', 'third', { eventId, identifier: 'ann' }).expect(200);
    const changes = await historyOf(eventId);
    const keyId = keys.own.split('_')[1]!;
    const [{ name }] = (await database.query('SELECT name FROM api_keys WHERE id = ?', [
      keyId,
    ])) as [{ name: string }];
    const by = (requestId: string) => ({ kind: 'key', keyId, name, requestId });
    expect(changes.map(({ type, actor }) => [type, actor])).toEqual([
      ['waitlist.promoted', by('third')],
      ['booking.confirmed', by('third')],
      ['booking.cancelled', by('third')],
      ['waitlist.joined', by('second')],
      ['booking.confirmed', by('first')],
      ['event.published', by('opening')],
    ]);
    for (const { time } of changes) expect(Date.parse(time)).toBeGreaterThan(Date.now() - 60_000);
    expect(JSON.stringify(changes)).not.toMatch(/ann|ben|rlk_/);
  });

  it('tells changes of the event itself, and those that follow from them', async () => {
    const eventId = await open();
    await send('/book', 'b', { eventId, identifier: 'ann' }).expect(201);
    await send(`/v1/events/${eventId}/cancel`, 'ending').expect(200);
    const changes = await historyOf(eventId);
    const ended = changes.filter(
      ({ actor }) => 'requestId' in actor && actor.requestId === 'ending',
    );
    expect(ended.map(({ type }) => type).toSorted()).toEqual([
      'booking.cancelled',
      'event.cancelled',
      'section.closed',
    ]);
    expect(ended.find(({ type }) => type === 'event.cancelled')).toMatchObject({ sectionId: null });
  });

  it('names ADMIN_API_KEY and the worker that ends holds', async () => {
    const eventId = await open(ADMIN_API_KEY);
    const hold = { eventId, identifier: 'ann', ttlSeconds: 60 };
    await send('/v1/holds', 'holding', hold, ADMIN_API_KEY).expect(201);
    await database.query('UPDATE holds SET expires_at = ? WHERE event_id = ?', [
      new Date(Date.now() - 1_000),
      eventId,
    ]);
    await database.query('UPDATE sections SET holds_expire_at = ? WHERE event_id = ?', [
      new Date(Date.now() - 1_000),
      eventId,
    ]);
    await send('/book', 'after', { eventId, identifier: 'ben' }, ADMIN_API_KEY).expect(201);
    const changes = await historyOf(eventId, ADMIN_API_KEY);
    const admin = { kind: 'admin', keyId: null, name: null };
    const worker = { kind: 'worker', keyId: null, name: 'expiry', requestId: null };
    expect(changes.map(({ type, actor }) => [type, actor])).toEqual([
      ['booking.confirmed', { ...admin, requestId: 'after' }],
      ['hold.expired', worker],
      ['hold.created', { ...admin, requestId: 'holding' }],
      ['event.published', { ...admin, requestId: 'opening' }],
    ]);
  });

  it('says unknown for changes of versions that did not record it', async () => {
    const eventId = await open();
    await database.query(
      `UPDATE outbox_messages
          SET payload = JSON_REMOVE(payload, '$.by', '$.request', '$[0].payload.by', '$[0].payload.request')
        WHERE event_id = ?`,
      [eventId],
    );
    const [change] = await historyOf(eventId);
    const actor = { kind: 'unknown', keyId: null, name: null, requestId: null };
    expect(change).toMatchObject({ type: 'event.published', actor });
  });

  it('comes in pages that miss and repeat nothing, also within one millisecond', async () => {
    const eventId = await open();
    for (const identifier of ['a', 'b', 'c', 'd'])
      await send('/book', identifier, { eventId, identifier }).expect(201);
    await database.query('UPDATE outbox_messages SET created_at = ? WHERE event_id = ?', [
      new Date(0),
      eventId,
    ]);
    const whole = await historyOf(eventId);
    expect(whole).toHaveLength(5);
    const paged: Change[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/v1/events/${eventId}/history?limit=2${cursor && `&cursor=${cursor}`}`;
      const { body }: request.Response = await read(path).expect(200);
      paged.push(...(body.data as Change[]));
      cursor = body.nextCursor as string | null;
    }
    expect(paged).toEqual(whole);
  });

  it('answers 400 to the cursor of another list, and 404 to events of others', async () => {
    const eventId = await open();
    const forged = Buffer.from(JSON.stringify([NOBODYS])).toString('base64url');
    const far = Buffer.from(JSON.stringify(['x', 'y', 'z', '0'])).toString('base64url');
    for (const cursor of [forged, far])
      await read(`/v1/events/${eventId}/history?cursor=${cursor}`).expect(400);
    await read(`/v1/events/${NOBODYS}/history`).expect(404);
    const { body } = await read(`/v1/events/${eventId}/history`, keys.other).expect(404);
    expect(body.code).toBe('event_not_found');
  });

  it('needs the scope bookings:read', async () => {
    const key = await makeKey(database.url, 'Theatre', ['events:write', 'bookings:write']);
    const { body } = await read(`/v1/events/${await open()}/history`, key).expect(403);
    expect(body).toMatchObject({ code: 'scope_missing', scope: 'bookings:read' });
  });
});
