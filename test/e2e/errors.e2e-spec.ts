import { connect, type AddressInfo } from 'node:net';
import request from 'supertest';
import { Readiness } from '../../src/operations/index.js';
import { Clock } from '../../src/platform/common/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import { Scenes } from './support/scenes.js';

const NOBODYS = '01939c5e-0000-7000-8000-000000000000';

/** Codes of docs/errors.md that are not refusals by a rule and are not tested elsewhere. */
describe('error codes', () => {
  const app = useApp(useDatabase());
  const { get, post, open, sectionsOf } = new Scenes(app);

  const ask = (method: 'get' | 'post' | 'patch' | 'delete', path: string, body?: object) => {
    const asked = request(app.server)[method](path);
    return body === undefined ? asked : asked.send(body);
  };

  const expectProblem = (answer: request.Response, status: number, code: string): void => {
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      type: `urn:rowlock:problem:${code}`,
      status,
      code,
      requestId: answer.headers['x-request-id'],
    });
    expect(answer.status).toBe(status);
  };

  const twoSections = (): Promise<string> => {
    const sections = ['Stalls', 'Circle'].map((name) => ({ name, capacity: 2 }));
    return open({ sections });
  };

  describe('section_required', () => {
    it.each(['/book', '/cancel', '/v1/bookings', '/v1/holds'])(
      'POST %s without a section, for an event that has two',
      async (path) => {
        const eventId = await twoSections();
        const before = await get(`/v1/events/${eventId}`);
        expectProblem(
          await ask('post', path, { eventId, identifier: 'ann' }),
          400,
          'section_required',
        );
        expect(await get(`/v1/events/${eventId}`)).toEqual(before);
      },
    );
  });

  describe('section_not_found', () => {
    it.each(['/book', '/cancel', '/v1/bookings', '/v1/holds'])(
      'POST %s with a section of another event',
      async (path) => {
        const [eventId, other] = [await open(1), await open(1)];
        const [sectionId] = await sectionsOf(other);
        const body = { eventId, sectionId, identifier: 'ann' };
        expectProblem(await ask('post', path, body), 404, 'section_not_found');
        expect(await get(`/status/${eventId}`)).toMatchObject({ version: 1 });
      },
    );

    it.each([
      ['seats', (eventId: string) => `/v1/events/${eventId}/seats?sectionId=${NOBODYS}`],
      ['waitlist entries', (id: string) => `/v1/waitlist?eventId=${id}&sectionId=${NOBODYS}`],
    ])('a list of %s of an unknown section', async (_, path) => {
      expectProblem(await ask('get', path(await open(1))), 404, 'section_not_found');
    });

    it('an edit of an unknown section, which changes nothing', async () => {
      const eventId = await open(1);
      const before = await get(`/v1/events/${eventId}`);
      const body = { name: 'Gala', sections: [{ id: NOBODYS, name: 'Stalls' }] };
      const answer = await ask('patch', `/v1/events/${eventId}`, body);
      expectProblem(answer, 404, 'section_not_found');
      expect(await get(`/v1/events/${eventId}`)).toEqual(before);
    });
  });

  it.each<['patch' | 'post', string, object]>([
    ['patch', '', { name: 'Gala' }],
    ['post', '/publish', {}],
  ])('event_cancelled: %s /v1/events/:id%s', async (method, path, body) => {
    const eventId = await open(1);
    await post(`/v1/events/${eventId}/cancel`);
    const before = await get(`/v1/events/${eventId}`);
    const answer = await ask(method, `/v1/events/${eventId}${path}`, body);
    expectProblem(answer, 409, 'event_cancelled');
    expect(await get(`/v1/events/${eventId}`)).toEqual(before);
  });

  it('precondition_failed: an edit with an outdated ETag', async () => {
    const path = `/v1/events/${await open(1)}`;
    const etag = (await request(app.server).get(path)).headers['etag']!;
    await ask('patch', path, { name: 'Second night' }).set('If-Match', etag).expect(200);
    const before = await get(path);
    const answer = await ask('patch', path, { name: 'Gala' }).set('If-Match', etag);
    expectProblem(answer, 412, 'precondition_failed');
    expect(await get(path)).toEqual(before);
  });

  const PERSON = { identifier: 'ann' };
  it.each<['post' | 'patch' | 'delete', string, object | undefined]>([
    ['post', '/v1/events', { name: 'Gala', totalTickets: 1 }],
    ['patch', `/v1/events/${NOBODYS}`, { name: 'Gala' }],
    ['post', `/v1/events/${NOBODYS}/publish`, undefined],
    ['post', `/v1/events/${NOBODYS}/cancel`, undefined],
    ['post', '/v1/bookings', { ...PERSON, eventId: NOBODYS }],
    ['post', `/v1/bookings/${NOBODYS}/cancel`, {}],
    ['delete', `/v1/bookings/${NOBODYS}`, undefined],
    ['post', '/v1/holds', { ...PERSON, eventId: NOBODYS }],
    ['post', `/v1/holds/${NOBODYS}/confirm`, undefined],
    ['delete', `/v1/holds/${NOBODYS}`, undefined],
    ['post', `/v1/seats/${NOBODYS}/reserve`, PERSON],
    ['post', `/v1/seats/${NOBODYS}/release`, PERSON],
    ['post', `/v1/waitlist/${NOBODYS}/accept`, undefined],
    ['post', `/v1/waitlist/${NOBODYS}/decline`, undefined],
    ['delete', `/v1/waitlist/${NOBODYS}`, undefined],
  ])('idempotency_key_invalid: %s %s', async (method, path, body) => {
    const answer = await ask(method, path, body).set('Idempotency-Key', 'two words');
    expectProblem(answer, 400, 'idempotency_key_invalid');
  });

  describe.each<[string, 'get' | 'post', string]>([
    ['event_not_found', 'get', `/v1/events/${NOBODYS}`],
    ['event_not_found', 'get', '/v1/events/nothing/status'],
    ['event_not_found', 'get', `/v1/events/${NOBODYS}/seats`],
    ['event_not_found', 'post', `/v1/events/${NOBODYS}/publish`],
    ['event_not_found', 'post', `/v1/events/${NOBODYS}/cancel`],
    ['event_not_found', 'get', `/v1/waitlist?eventId=${NOBODYS}`],
    ['booking_not_found', 'get', `/v1/bookings/${NOBODYS}`],
    ['hold_not_found', 'get', `/v1/holds/${NOBODYS}`],
    ['entry_not_found', 'get', `/v1/waitlist/${NOBODYS}`],
  ])('%s', (code, method, path) => {
    it(`${method} ${path}`, async () => {
      expectProblem(await ask(method, path), 404, code);
    });
  });

  it('malformed_request: truncated JSON', async () => {
    const asked = request(app.server).post('/book').set('Content-Type', 'application/json');
    const answer = await asked.send('{"eventId":');
    expectProblem(answer, 400, 'malformed_request');
    expect(answer.body.detail).toMatch(/the JSON/);
  });

  it('a JSON content type without a body is no error where no body is needed', async () => {
    const asked = request(app.server).delete(`/v1/holds/${NOBODYS}`);
    expectProblem(await asked.set('Content-Type', 'application/json'), 404, 'hold_not_found');
  });

  it.each(['put', 'patch', 'delete', 'options'] as const)(
    'not_found, not method_not_allowed: %s on a path without that method',
    async (method) => {
      expectProblem(await request(app.server)[method]('/book'), 404, 'not_found');
    },
  );

  it('uri_too_long: an id of more than 100 characters', async () => {
    expectProblem(await ask('get', `/v1/holds/${'x'.repeat(101)}`), 414, 'uri_too_long');
    expectProblem(await ask('get', `/v1/holds/${'x'.repeat(100)}`), 404, 'hold_not_found');
  });

  describe('for a request that cannot be parsed', () => {
    /** Sends raw bytes, and returns the answer once the server has closed the connection. */
    const say = async (bytes: string): Promise<string> => {
      const { port } = app.server.address() as AddressInfo;
      return new Promise((resolve, reject) => {
        let received = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        socket.on('data', (chunk) => (received += chunk.toString()));
        socket.on('close', () => resolve(received));
        socket.on('error', reject);
      });
    };

    const expectOnWire = (text: string, status: number, code: string): void => {
      const [head, body] = text.split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(head).toContain('application/problem+json');
      const problem = JSON.parse(body!) as { requestId: string };
      expect(problem).toMatchObject({ status, code });
      expect(head).toContain(`X-Request-Id: ${problem.requestId}`);
      const line = app.log.find(({ requestId }) => requestId === problem.requestId);
      expect(line).toMatchObject({ msg: 'request', method: 'unknown', status, code });
    };

    it('headers_too_large', async () => {
      const text = await say(`GET /health HTTP/1.1\r\nX-Large: ${'x'.repeat(17_000)}\r\n\r\n`);
      expectOnWire(text, 431, 'headers_too_large');
    });

    it('request_timeout', async () => {
      // Emits the timeout itself, because waiting for it would take half a minute.
      const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      const { server } = app;
      const accepted = new Promise((resolve) => server.once('connection', resolve));
      const { port } = server.address() as AddressInfo;
      let received = '';
      const client = connect(port, '127.0.0.1');
      client.on('data', (chunk) => (received += chunk.toString()));
      client.write('POST /book HTTP/1.1\r\nHost: localhost\r\n');
      server.emit('clientError', late, await accepted);
      await new Promise((resolve) => client.once('close', resolve));
      expectOnWire(received, 408, 'request_timeout');
    });
  });

  it('internal_error: reveals nothing about the bug and changes nothing', async () => {
    const events = await get('/v1/events');
    const clock = jest.spyOn(Clock.prototype, 'now').mockImplementation(() => {
      throw new Error('secret: SELECT * FROM users');
    });
    const answer = await ask('post', '/v1/events', { name: 'Gala', totalTickets: 1 });
    clock.mockRestore();
    expectProblem(answer, 500, 'internal_error');
    expect(answer.text).not.toContain('secret');
    expect(await get('/v1/events')).toEqual(events);
  });

  describe('not_ready', () => {
    const own = useApp(useDatabase(), { RATE_LIMIT_READS_PER_ADDRESS: '1000' });

    it('an instance that is shutting down', async () => {
      own.nest.get(Readiness).startDraining();
      const answer = await request(own.server).get('/health/ready');
      expectProblem(answer, 503, 'not_ready');
      expect(answer.body.checks).toEqual({
        service: 'draining',
        database: 'up',
        lanes: 'up',
        writes: 'up',
        schema: 'up',
      });
      expect(answer.headers['retry-after']).toBe('1');
      await request(own.server).get('/health/live').expect(200);
      const { body } = await request(own.server).get('/health').expect(200);
      expect(body).toMatchObject({ status: 'degraded', checks: { service: 'draining' } });
    });
  });
});
