import { join } from 'node:path';
import fastify from 'fastify';
import { LogWatch } from '../kit/log-watch.js';
import { OwnWords } from '../kit/own-words.js';
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

/** The fault that is found in a log after these requests. */
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

describe('the log watch', () => {
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

  it('finds whole words only', () => {
    expect(faultIn(line({ msg: 'The annual cannon: foo1, o12, p@sses' }))).toBeUndefined();
  });

  it('looks in bodies that are not JSON, but not for the names of fields', () => {
    const broken = { path: '/book', headers: {}, body: '{"identifier":"carol","eventId":"no' };
    expect(faultIn('for carol', [broken])).toContain('identifier "carol"');
    expect(faultIn('/status/:eventId', [broken])).toBeUndefined();
  });

  it('fails if all values are too short to look for', () => {
    const short = { path: '/book', headers: {}, body: '{"identifier":"a"}' };
    expect(faultIn('', [short])).toBeUndefined();
    const watch = new LogWatch();
    watch.values.addRequest(short);
    expect(() => watch.assertKeptIn('')).toThrow('too short');
  });

  describe('with words that the service logs by itself', () => {
    const SOURCE = `
      // The first's apostrophe begins no text.
      logger.log({ msg: 'request', first: 1 });
      logger.warn('Ending: the first request ends');
      throw new Error(\`No first instance answers at \${address} for now\`);`;
    const own = new OwnWords(() => SOURCE, ['/home/new/first']);

    const faultWith = (identifier: string, log: string): string | undefined => {
      const watch = new LogWatch(own);
      watch.values.addRequest({ path: '/', headers: {}, body: JSON.stringify({ identifier }) });
      try {
        watch.assertKeptIn(log);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    };

    it.each([
      ['a path of the checkout', 'new', line({ msg: 'Data in /home/new/first/.data' })],
      ['a name of a field', 'first', line({ first: 1 })],
      ['a message of one word', 'request', line({ msg: 'request' })],
      ['a sentence of its source', 'first', line({ msg: 'Ending: the first request ends' })],
      [
        'a sentence with a value in it',
        'first',
        line({ error: { message: 'No first instance answers at 10.0.0.1 for now' } }),
      ],
      [
        'a stack frame',
        'first',
        line({ error: { stack: '    at first (/app/x.js:1:2)\n    at async A.first (x.js:3:4)' } }),
      ],
    ])('ignores %s', (_, identifier, log) => {
      expect(faultWith(identifier, log)).toBeUndefined();
    });

    it.each([
      ['beside the path', 'new', line({ msg: 'Data of new in /home/new/first/.data' })],
      ['as the value of a field', 'first', line({ first: 'first' })],
      ['as a message that no source has', 'bob', line({ msg: 'bob' })],
      ['beside a sentence', 'first', line({ msg: 'Ending: the first request ends, of first' })],
      ['within a sentence', 'ann', line({ msg: 'No first instance answers at ann for now' })],
      ['after a stack frame', 'ann', line({ stack: '    at first (/app/x.js:1:2)', who: 'ann' })],
      ['in SQL', 'ann', line({ msg: "SELECT id FROM users WHERE identifier = 'ann'" })],
    ])('finds a value %s, and explains what to do', (_, identifier, log) => {
      expect(faultWith(identifier, log)).toMatch(`identifier "${identifier}"`);
      expect(faultWith(identifier, log)).toContain(`allowInLog('word')`);
    });

    it('knows the folder of this checkout and the sentences of its source', () => {
      const real = new OwnWords();
      const root = join(__dirname, '../..').toLowerCase();
      const log = `data in ${root}/.data\n{"msg":"request"}\n`;
      expect(real.include(log, log.indexOf('/.data') - 3, 3)).toBe(true);
      expect(real.include(log, log.indexOf('request'), 'request'.length)).toBe(true);
      expect(real.include(log, log.indexOf('data'), 'data'.length)).toBe(false);
    });

    it('does not look for words that a test allows', () => {
      const watch = new LogWatch(own);
      watch.values.allow(['Ann']);
      watch.values.addRequest(REQUEST);
      expect(() => watch.assertKeptIn(line({ msg: 'for ann' }))).not.toThrow();
    });
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

    it.each(['dora', 'eve', 'aisle', '127.0.0.1'])('finds a sent value: %s', async (value) => {
      const watch = await watched(true, `to ${value}`);
      expect(() => watch.assertKept()).toThrow(JSON.stringify(value));
    });

    it('fails if it sees no lines', async () => {
      const [seeing, blind] = [await watched(true), await watched(false)];
      expect(() => seeing.assertKept()).not.toThrow();
      expect(() => blind.assertKept()).toThrow('The log is not seen');
    });
  });
});
