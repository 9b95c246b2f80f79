import request from 'supertest';
import { connectTo, useApp, useDatabase } from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { TcpProxy } from '../kit/tcp-proxy.js';

/** Answers while the database cannot do what a request needs. */
describe('a service whose database is unavailable', () => {
  const database = useDatabase();
  let proxy: TcpProxy;
  beforeAll(async () => (proxy = await TcpProxy.inFrontOf(database.url)));
  afterAll(() => proxy.close());
  const app = useApp({
    name: '',
    query: () => Promise.resolve([]),
    get url() {
      return proxy.url;
    },
  });

  const send = (path: string, body: object, key = 'none') =>
    request(app.server).post(path).set('Idempotency-Key', key).send(body);
  const open = async (): Promise<string> => {
    const body = { name: 'First night', totalTickets: 3 };
    return (await request(app.server).post('/initialize').send(body).expect(201)).body.id;
  };
  const status = async (eventId: string) =>
    (await request(app.server).get(`/status/${eventId}`).expect(200)).body;

  const expectUnavailable = ({ status: got, headers, body }: request.Response, code: string) => {
    expect([got, body.status, body.code]).toEqual([503, 503, code]);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'retry-after': '1',
    });
    expect(JSON.stringify(body)).not.toMatch(/ECONN|socket|mysql|127\.0\.0\.1/i);
  };

  /** The cause of an answer, as logged. */
  const causeLogged = ({ body }: request.Response): string | undefined => {
    const lines = app.log.filter(({ requestId }) => requestId === body.requestId);
    expect(lines.map(({ msg }) => msg)).toEqual(['A request could not be served', 'request']);
    return lines[0]!.error?.cause?.message;
  };

  const disappear = (): void => {
    proxy.refuseConnections();
    proxy.cutAll();
  };

  it('answers lock_timeout while another session keeps a row locked', async () => {
    const eventId = await open();
    const before = await status(eventId);
    const other = await connectTo(database.url);
    await other.beginTransaction();
    await other.query('SELECT 1 FROM sections WHERE event_id = ? FOR UPDATE', [eventId]);
    const body = { eventId, identifier: 'ann' };
    const [booked, edited] = await Promise.all([
      send('/book', body, eventId),
      request(app.server).patch(`/v1/events/${eventId}`).send({ name: 'Gala' }),
    ]);
    await other.end();
    expectUnavailable(booked, 'lock_timeout');
    expect(causeLogged(booked)).toBe('ER_LOCK_WAIT_TIMEOUT');
    expectUnavailable(edited, 'lock_timeout');
    expect(await status(eventId)).toEqual(before);
    const again = await send('/book', body, eventId).expect(201);
    expect(again.headers['idempotency-replayed']).toBeUndefined();
  });

  it('answers database_unavailable, and not_ready until the database is back', async () => {
    const eventId = await open();
    const before = await status(eventId);
    disappear();
    const body = { eventId, identifier: 'ann' };
    const answers = await Promise.all([
      send('/book', body, eventId),
      send('/initialize', { name: 'Gala', totalTickets: 1 }, eventId),
      request(app.server).get(`/status/${eventId}`),
      request(app.server).get(`/v1/bookings?eventId=${eventId}`),
    ]);
    for (const answer of answers) {
      expectUnavailable(answer, 'database_unavailable');
      expect(causeLogged(answer)).toMatch(/^(?:ECONN|PROTOCOL_CONNECTION_LOST)/);
    }
    // A commit proves for a second that the next one is possible.
    let ready: request.Response;
    await eventually('not ready', async () => {
      ready = await request(app.server).get('/health/ready');
      return ready.status !== 200;
    });
    expectUnavailable(ready!, 'not_ready');
    expect(ready!.body.checks).toEqual({
      service: 'up',
      database: 'down',
      lanes: 'up',
      writes: 'up',
      schema: 'unknown',
    });
    proxy.acceptConnections();
    await request(app.server).get('/health/ready').expect(200);
    expect(await status(eventId)).toEqual(before);
    await send('/book', body, eventId).expect(201);
  });

  it('answers outcome_unknown if a COMMIT got no answer, and a retry finds out', async () => {
    const eventId = await open();
    const fault = proxy.cutBefore(/^COMMIT/, { afterwards: disappear });
    const body = { eventId, identifier: 'ann' };
    const answer = await send('/book', body, eventId);
    expect(fault.happened).toBe(1);
    expectUnavailable(answer, 'outcome_unknown');
    expect(causeLogged(answer)).toBe('PROTOCOL_CONNECTION_LOST');
    expect(answer.body.outcome).toBe('unknown');
    proxy.acceptConnections();
    await send('/book', body, eventId).expect(201);
    await send('/book', body, eventId).expect(201);
    expect(await status(eventId)).toMatchObject({ bookedTickets: 1, bookingCount: 1 });
  });
});
