import { connect, type AddressInfo } from 'node:net';
import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';

describe('requests and answers', () => {
  const app = useApp(useDatabase());
  const json = (body: string) =>
    request(app.server).post('/book').set('Content-Type', 'application/json').send(body);

  const expectProblem = (
    answer: request.Response,
    status: number,
    code: string,
    instance = '/book',
  ): void => {
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      type: `urn:rowlock:problem:${code}`,
      title: expect.stringMatching(/^[A-Z]/),
      status,
      detail: expect.stringMatching(/./),
      instance,
      code,
      requestId: answer.headers['x-request-id'],
    });
    expect(answer.status).toBe(status);
  };

  it('answers not_found to an unknown path, without showing its query', async () => {
    const answer = await request(app.server).get('/nothing/here?secret=1');
    expectProblem(answer, 404, 'not_found', '/nothing/here');
    expect(answer.text).not.toContain('secret');
  });

  it('answers not_found to an unknown method of a known path', async () => {
    expectProblem(await request(app.server).delete('/book'), 404, 'not_found');
  });

  it('answers malformed_request to broken JSON', async () => {
    expectProblem(await json('{"eventId":'), 400, 'malformed_request');
  });

  it('answers invalid_request to a missing body', async () => {
    expectProblem(await json(''), 400, 'invalid_request');
    expectProblem(await request(app.server).post('/book'), 400, 'invalid_request');
  });

  it.each(['[]', 'null', '"text"', '5', 'true'])(
    'answers invalid_request to JSON that is no object: %s',
    async (body) => {
      expectProblem(await json(body), 400, 'invalid_request');
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'answers unsupported_media_type to %s',
    async (type) => {
      const answer = await request(app.server).post('/book').set('Content-Type', type).send('a=1');
      expectProblem(answer, 415, 'unsupported_media_type');
    },
  );

  describe('an endpoint without a body', () => {
    const draft = async (): Promise<string> => {
      const body = JSON.stringify({ name: 'Gala', totalTickets: 1, status: 'DRAFT' });
      const answer = await request(app.server)
        .post('/initialize')
        .set('Content-Type', 'application/json')
        .send(body);
      return (answer.body as { id: string }).id;
    };
    const TYPES = [
      'application/json',
      'application/x-www-form-urlencoded',
      'text/plain; charset=utf-8',
      'multipart/form-data; boundary=x',
      'application/octet-stream',
    ];

    it.each(TYPES)('accepts an empty body of type %s', async (type) => {
      const path = `/v1/events/${await draft()}/publish`;
      const publish = request(app.server).post(path).set('Content-Type', type);
      await publish.set('Content-Length', '0').expect(200);
    });

    it.each(TYPES)('accepts an empty chunked body of type %s', async (type) => {
      const head = [
        `POST /v1/events/${await draft()}/publish HTTP/1.1`,
        'Host: localhost',
        'Connection: close',
        `Content-Type: ${type}`,
        'Transfer-Encoding: chunked',
      ];
      expect(await say(`${head.join('\r\n')}\r\n\r\n0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
    });

    it('still refuses a form that is not empty', async () => {
      const publish = request(app.server).post(`/v1/events/${await draft()}/publish`);
      const answer = await publish.set('Content-Type', 'text/plain').send('a');
      expect(answer.body).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    });
  });

  it('answers payload_too_large to a body above 64 kB', async () => {
    const identifier = 'x'.repeat(64 * 1024);
    expectProblem(await json(JSON.stringify({ identifier })), 413, 'payload_too_large');
  });

  it.each([
    '{"__proto__":{"a":1}}',
    '{"constructor":{"prototype":{"a":1}}}',
    '{"a":{"__proto__":1}}',
  ])('refuses keys that could change a prototype: %s', async (body) => {
    const answer = await json(body);
    expect(answer.status).toBe(400);
    expect(({} as { a?: unknown }).a).toBeUndefined();
  });

  it.each([
    ['lists', '['.repeat(8_000) + ']'.repeat(8_000)],
    ['objects', '{"a":'.repeat(2_300) + '1' + '}'.repeat(2_300)],
  ])('refuses deeply nested %s, with and without an idempotency key', async (_, value) => {
    const body = `{"eventId":${value}}`;
    expectProblem(await json(body), 400, 'malformed_request');
    expectProblem(await json(body).set('Idempotency-Key', 'k'), 400, 'malformed_request');
  });

  it.each(['constructor', 'toString', 'hasOwnProperty', 'prototype'])(
    'answers malformed_request to a field named %s',
    async (name) => {
      expectProblem(await json(`{"${name}":1}`), 400, 'malformed_request');
    },
  );

  it('answers malformed_request to a broken escape in the path', async () => {
    const answer = await request(app.server).get('/status/%ff');
    expectProblem(answer, 400, 'malformed_request', '/status/%ff');
  });

  /** Sends these bytes, and returns all that the service sends before it ends the connection. */
  const say = (bytes: string): Promise<string> => {
    const { port } = app.server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      let received = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
  };

  it.each([
    ['a malformed header', 'GET / HTTP/1.1\r\nbad\r\n\r\n'],
    ['a request without Host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ])('answers 400 to %s', async (_, bytes) => {
    const text = await say(bytes);
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain('application/problem+json');
    expect(JSON.parse(text.split('\r\n\r\n')[1]!)).toMatchObject({ code: 'malformed_request' });
  });

  it.each([
    ['Host', 'localhost', 'evil.example'],
    ['host', 'localhost', 'localhost'],
    ['Authorization', 'Bearer a', 'Bearer b'],
    ['Content-Type', 'application/json', 'text/plain'],
    ['Idempotency-Key', '"a', 'b"'],
  ])('answers 400 to a repeated %s', async (name, one, other) => {
    const host = /host/i.test(name) ? '' : 'Host: localhost\r\n';
    const twice = `${name}: ${one}\r\nX-Other: 1\r\n${name.toUpperCase()}: ${other}\r\n`;
    const text = await say(`POST /book HTTP/1.1\r\n${host}${twice}Connection: close\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain('"code":"malformed_request"');
  });

  it('accepts other headers that are repeated', async () => {
    const lines = 'Host: localhost\r\nAccept: a/b\r\nAccept: c/d\r\nConnection: close\r\n';
    expect(await say(`GET /health HTTP/1.1\r\n${lines}\r\n`)).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('accepts HTTP/1.0 without Host', async () => {
    expect(await say('GET /health HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('ignores unknown expectations', async () => {
    const expecting = (path: string) =>
      say(
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nExpect: the-best\r\nConnection: close\r\n\r\n`,
      );
    expect(await expecting('/health')).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(await expecting('/nothing/here')).toContain('"code":"not_found"');
  });

  it('lists all invalid fields at once', async () => {
    const answer = await json('{"quantity":0,"x":1}');
    expectProblem(answer, 400, 'invalid_request');
    const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer).sort();
    expect(pointers).toEqual(['/eventId', '/identifier', '/quantity', '/x']);
  });

  it('keeps a harmless request id and replaces any other', async () => {
    const ask = (id: string) => request(app.server).get('/nothing').set('X-Request-Id', id);
    expect((await ask('order-7:a.b')).body.requestId).toBe('order-7:a.b');
    for (const id of ['a b', '<script>', 'x'.repeat(65)]) {
      const { body, headers } = await ask(id);
      expect(body.requestId).not.toBe(id);
      expect(body.requestId).toBe(headers['x-request-id']);
    }
  });

  it('sends security headers and forbids caching', async () => {
    const { headers } = await request(app.server).get('/health/live').expect(200);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'SAMEORIGIN',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=31536000',
      'cache-control': 'no-store',
    });
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['server']).toBeUndefined();
  });
});

describe('rate limits', () => {
  const app = useApp(useDatabase(), {
    RATE_LIMIT_READS_PER_ADDRESS: '5',
    RATE_LIMIT_WINDOW_SECONDS: '60',
  });

  it('answers 429 with Retry-After to a client over its limit, but never on health', async () => {
    for (let sent = 0; sent < 5; sent += 1) await request(app.server).get('/status/x').expect(404);
    const { body, headers } = await request(app.server).get('/status/x').expect(429);
    expect(body.code).toBe('rate_limited');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await request(app.server).get('/health/ready').expect(200);
  });
});

describe('health', () => {
  const app = useApp(useDatabase());

  it('has a route each for people, supervisors and load balancers', async () => {
    const { body } = await request(app.server).get('/health').expect(200);
    const checks = { service: 'up', database: 'up', rateLimits: 'local' };
    expect(body).toMatchObject({ status: 'ok', checks });
    await request(app.server).get('/health/live').expect(200, { status: 'ok' });
    await request(app.server).get('/health/ready').expect(200);
  });
});
