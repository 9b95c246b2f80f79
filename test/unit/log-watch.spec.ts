import fastify from 'fastify';
import { LogWatch } from '../kit/log-watch.js';
import type { SentRequest } from '../kit/private-values.js';

const KEY = `rlk_AbCdEfGhIjKl_${'s'.repeat(43)}`;

const REQUEST: SentRequest = {
  path: '/v1/bookings?identifier=bob%40example.org&limit=50',
  headers: {
    Authorization: `Bearer ${KEY}`,
    Cookie: 'session=4711-0815',
    'Idempotency-Key': 'o1',
    'X-Forwarded-For': '203.0.113.7',
    'X-Request-Id': 'request-1',
  },
  body: JSON.stringify({ identifier: ' Ann', quantity: 2, seats: [{ name: 'A "left"' }] }),
};

/** What is found wrong with a log, if these are the requests. */
function faultIn(log: string, requests: readonly SentRequest[] = [REQUEST]): string | undefined {
  const watch = new LogWatch();
  for (const request of requests) watch.values.addRequest(request);
  watch.values.addAnswer('{"userId":"01939c5e-0000-7000-8000-000000000001"}');
  watch.secrets.addSecrets({
    DATABASE_URL: 'mysql://app:p%40ss@db/rowlock',
    ADMIN_API_KEY: 'open-sesame',
  });
  try {
    watch.assertKeptIn(log);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const line = (fields: object): string => `${JSON.stringify({ level: 30, ...fields })}\n`;

describe('the watch over logs', () => {
  it('finds nothing in the line of a request', () => {
    const facts = { requestId: 'request-1', method: 'POST', route: '/v1/bookings', status: 201 };
    expect(faultIn(line({ ...facts, ms: 50.2, msg: 'request' }))).toBeUndefined();
  });

  it.each([
    ['identifier "ann"', 'for ann'],
    ['identifier "ann"', 'ANN@'],
    ['identifier "bob@example.org"', "Duplicate entry 'bob@example.org' for key"],
    ['identifier "bob@example.org"', '?identifier=bob%40example.org'],
    ['a key', KEY],
    ['id of a key', 'AbCdEfGhIjKl'],
    ['secret of a key', 's'.repeat(43)],
    ['idempotency-key "o1"', 'key o1'],
    ['cookie', 'session=4711-0815'],
    ['x-forwarded-for', 'from 203.0.113.7'],
    ['name', 'seat A "left"'],
    ['userId', 'user 01939c5e-0000-7000-8000-000000000001'],
    ['password of DATABASE_URL', 'mysql://app:p%40ss@db/rowlock'],
    ['password of DATABASE_URL', 'with p@ss'],
    ['ADMIN_API_KEY', 'open-sesame'],
  ])('finds %s in: %s', (kind, said) => {
    expect(faultIn(line({ msg: said }))).toContain(kind);
    expect(faultIn(line({ error: { message: `first\n${said}\nlast` } }))).toContain(kind);
    expect(faultIn(line({ msg: JSON.stringify({ deep: [said] }) }))).toContain(kind);
    expect(faultIn(said)).toContain(kind);
  });

  it('does not take a part of a word for one', () => {
    expect(faultIn(line({ msg: 'The annual cannon: foo1, o12, p@sses' }))).toBeUndefined();
  });

  it('looks in bodies that are no JSON, but not for the names of fields', () => {
    const broken = { path: '/book', headers: {}, body: '{"identifier":"carol","eventId":"no' };
    expect(faultIn('for carol', [broken])).toContain('identifier "carol"');
    expect(faultIn('/status/:eventId', [broken])).toBeUndefined();
  });

  it('is not content with values that it cannot look for', () => {
    const short = { path: '/book', headers: {}, body: '{"identifier":"a"}' };
    expect(faultIn('', [short])).toBeUndefined();
    const watch = new LogWatch();
    watch.values.addRequest(short);
    expect(() => watch.assertKeptIn('')).toThrow('too short');
  });

  describe('in this process', () => {
    async function watched(log: boolean, message = ''): Promise<LogWatch> {
      const server = fastify();
      const watch = new LogWatch();
      watch.watch(server);
      server.get('/health', (_, reply) => reply.send('well'));
      server.post('/book/:place', (_, reply) => reply.send('booked'));
      server.addHook('onResponse', ({ id: requestId }, _reply, done) => {
        if (log) watch.output.write(line({ requestId, message }));
        done();
      });
      const headers = { 'content-type': 'application/json' };
      const body = '{"identifier":"dora"}';
      await server.inject({ method: 'POST', url: '/book/aisle', headers, body });
      await server.inject({
        method: 'POST',
        url: '/book/aisle',
        headers,
        body: '{"identifier":"eve"',
      });
      await server.close();
      return watch;
    }

    it.each(['dora', 'eve', 'aisle', '127.0.0.1'])('finds what was sent: %s', async (value) => {
      const watch = await watched(true, `to ${value}`);
      expect(() => watch.assertKept()).toThrow(JSON.stringify(value));
    });

    it('is red if it sees no lines', async () => {
      const [seeing, blind] = [await watched(true), await watched(false)];
      expect(() => seeing.assertKept()).not.toThrow();
      expect(() => blind.assertKept()).toThrow('The log is not seen');
    });
  });
});
