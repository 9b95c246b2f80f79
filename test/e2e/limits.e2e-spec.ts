import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { overloaded } from '../../src/platform/errors/index.js';
import { DatabaseReader } from '../../src/platform/database/index.js';
import { SCOPES } from '../../src/platform/common/index.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import type { TestApp } from '../kit/app.js';
import { openSeated, useApp, useDatabase } from '../kit/index.js';
import { makeKey } from '../kit/keys.js';

const NOBODYS = '01939c5e-0000-7000-8000-000000000000';
/** As `openssl rand -hex 24` prints it. */
const ADMIN_API_KEY = '5d1c0be7f5a4923e88d0a7b1c6f2493be07a51d8c3f6920e';
const open = async (app: TestApp, totalTickets = 100): Promise<string> => {
  const body = { name: 'First night', totalTickets };
  return (await request(app.server).post('/initialize').send(body).expect(201)).body.id;
};

describe('rate limits per address', () => {
  const database = useDatabase();
  const limited = { RATE_LIMIT_WINDOW_SECONDS: '60', RATE_LIMIT_READS_PER_ADDRESS: '5' };
  const reading = useApp(database, limited);
  const writing = useApp(database, { ...limited, RATE_LIMIT_WRITES_PER_ADDRESS: '4' });
  const proxied = useApp(database, { ...limited, TRUST_PROXY: 'loopback' });
  const unlimited = useApp(database, { ...limited, RATE_LIMIT_ENABLED: 'false' });

  it('are reported in every answer and refuse with Retry-After', async () => {
    for (let left = 4; left >= 0; left -= 1) {
      const { headers } = await request(reading.server).get(`/status/${NOBODYS}`).expect(404);
      expect(headers['ratelimit-policy']).toBe('"address-reads";q=5;w=60');
      expect(headers['ratelimit']).toMatch(new RegExp(`^"address-reads";r=${left};t=\\d+$`));
      expect(headers['retry-after']).toBeUndefined();
    }
    const { status, body, headers } = await request(reading.server).get(`/status/${NOBODYS}`);
    expect([status, body.code, body.policy]).toEqual([429, 'rate_limited', 'address-reads']);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(headers['ratelimit']).toBe(`"address-reads";r=0;t=${headers['retry-after']}`);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-request-id']).toBe(body.requestId);
  });

  it('still accept writes once the reads are used up', async () => {
    await request(reading.server).head(`/status/${NOBODYS}`).expect(429);
    const { headers } = await request(reading.server).post('/book').send({}).expect(400);
    expect(headers['ratelimit-policy']).toBe('"address-writes";q=20000;w=60');
  });

  it('count requests that no handler sees', async () => {
    const post = (path: string) => request(writing.server).post(path);
    const json = 'application/json';
    await post('/book').set('Content-Type', json).send('{"eventId":').expect(400);
    await post('/book').set('Content-Type', 'text/plain').send('a').expect(415);
    await post('/nothing/here').expect(404);
    const { headers } = await request(writing.server).delete('/book').expect(404);
    expect(headers['ratelimit']).toMatch(/^"address-writes";r=0;/);
    await post('/nothing/here').expect(429);
    await post('/book').set('Content-Type', json).send('{"eventId":').expect(429);
  });

  it.each(['/health', '/health/live', '/health/ready'])('do not count %s', async (path) => {
    for (let asked = 0; asked < 7; asked += 1) {
      const { headers } = await request(reading.server).get(path).expect(200);
      expect(headers['ratelimit']).toBeUndefined();
    }
  });

  it('apply to the client behind a trusted proxy, per /64 network', async () => {
    const ask = (from: string) =>
      request(proxied.server).get(`/status/${NOBODYS}`).set('X-Forwarded-For', from);
    for (let sent = 0; sent < 5; sent += 1) await ask(`2001:db8::${sent}`).expect(404);
    await ask('2001:db8::ffff').expect(429);
    await ask('2001:db8:0:1::1').expect(404);
    // Addresses sent by the client itself stand before the one that the proxy appends.
    await ask('198.51.100.7, 2001:db8::1').expect(429);
    // Some proxies also add the port.
    for (let port = 1_001; port <= 1_005; port += 1) await ask(`198.51.100.8:${port}`).expect(404);
    await ask('198.51.100.8').expect(429);
  });

  it('apply to the /48 network of a client as well, ten times as high', async () => {
    const ask = (from: string) =>
      request(proxied.server).get(`/status/${NOBODYS}`).set('X-Forwarded-For', from);
    // What its own limit refuses does not count towards that of the network.
    for (let sent = 0; sent < 7; sent += 1) await ask('2001:db8:7::1');
    for (let sent = 0; sent < 45; sent += 1) await ask(`2001:db8:7:a${sent}::1`).expect(404);
    const { body, headers } = await ask('2001:db8:7:ff::1').expect(429);
    expect(body).toMatchObject({ code: 'rate_limited', policy: 'network-reads' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await ask('2001:db8:8::1').expect(404);
  });

  it('ignore X-Forwarded-For from an untrusted proxy', async () => {
    const { status } = await request(reading.server)
      .get(`/status/${NOBODYS}`)
      .set('X-Forwarded-For', '198.51.100.7');
    expect(status).toBe(429);
  });

  it('can be switched off, and are then not reported either', async () => {
    for (let sent = 0; sent < 7; sent += 1) {
      const { headers } = await request(unlimited.server).get(`/status/${NOBODYS}`).expect(404);
      expect(headers['ratelimit']).toBeUndefined();
    }
  });
});

describe('rate limits per API key', () => {
  const database = useDatabase();
  const keys = {
    AUTH_MODE: 'keys',
    ADMIN_API_KEY,
    RATE_LIMIT_WINDOW_SECONDS: '60',
    RATE_LIMIT_READS_PER_KEY: '3',
  };
  const app = useApp(database, keys);

  const read = (key: string) =>
    request(app.server).get('/v1/events').set('Authorization', `Bearer ${key}`);

  it('are reported beside those of the address, and refuse', async () => {
    const key = await makeKey(database.url, 'Theatre');
    for (let left = 2; left >= 0; left -= 1) {
      const { headers } = await read(key).expect(200);
      expect(headers['ratelimit-policy']).toBe(
        '"address-reads";q=20000;w=60, "key-reads";q=3;w=60',
      );
      const policies = `^"address-reads";r=\\d+;t=\\d+, "key-reads";r=${left};t=\\d+$`;
      expect(headers['ratelimit']).toMatch(new RegExp(policies));
    }
    const { body, headers } = await read(key).expect(429);
    expect(body).toMatchObject({ code: 'rate_limited', policy: 'key-reads' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    const post = request(app.server).post('/initialize').set('Authorization', `Bearer ${key}`);
    await post.send({ name: 'First night', totalTickets: 1 }).expect(201);
  });

  it('count each key separately, even from the same address', async () => {
    await read(await makeKey(database.url, 'Theatre')).expect(200);
    for (let sent = 0; sent < 3; sent += 1) await read(keys.ADMIN_API_KEY).expect(200);
    await read(keys.ADMIN_API_KEY).expect(429);
  });

  it('do not apply to public routes', async () => {
    const { headers } = await request(app.server).get(`/status/${NOBODYS}`).expect(404);
    expect(headers['ratelimit-policy']).toBe('"address-reads";q=20000;w=60');
  });
});

describe('the rate limit on wrong API keys per address', () => {
  const database = useDatabase();
  const app = useApp(database, {
    AUTH_MODE: 'keys',
    TRUST_PROXY: 'loopback',
    RATE_LIMIT_WRONG_KEYS_PER_MINUTE: '3',
  });
  // Reads of background workers must not count as lookups of keys.
  beforeAll(() => app.nest.get(PeriodicWorkers).stop());

  const read = (key: string, from = '198.51.100.7') =>
    request(app.server)
      .get('/v1/events')
      .set('Authorization', `Bearer ${key}`)
      .set('X-Forwarded-For', from);
  const guess = (letter: string): string => `rlk_${letter.repeat(12)}_${letter.repeat(43)}`;

  it('allows three lookups a minute and never refuses keys that are already known', async () => {
    const [familiar, late] = [
      await makeKey(database.url, 'Theatre'),
      await makeKey(database.url, 'Theatre'),
    ];
    await read(familiar).expect(200);
    for (const letter of ['a', 'b', 'c']) {
      const { body } = await read(guess(letter)).expect(401);
      expect(body.code).toBe('key_invalid');
    }
    for (const key of [guess('a'), guess('d'), 'open-sesame', late]) {
      const { body, headers } = await read(key).expect(429);
      expect(body).toMatchObject({ code: 'rate_limited', policy: 'wrong-keys' });
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    }
    await read(familiar).expect(200);
    await read(late, '198.51.100.8').expect(200);
    // Known keys are accepted from every address, because the instance remembers keys only.
    await read(late).expect(200);
  });

  /** Makes each key lookup as slow as with a distant database. */
  function slowReads() {
    const reads = app.nest.get(DatabaseReader);
    const query = reads.query.bind(reads);
    return jest.spyOn(reads, 'query').mockImplementation(async (...asked) => {
      await sleep(50);
      return query(...asked);
    });
  }
  afterEach(() => jest.restoreAllMocks());

  it('allows no more lookups when many wrong keys come at once', async () => {
    const looked = slowReads();
    const fast = (index: number) =>
      request(app.server)
        .get('/metrics')
        .set('Authorization', `Bearer rlk_${String(index).padStart(12, 'x')}_${'x'.repeat(43)}`)
        .set('X-Forwarded-For', '198.51.100.20');
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => fast(index)));
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([401, 401, 401, ...Array<number>(57).fill(429)]);
    // Only lookups of keys, because workers also read.
    const lookedUp = looked.mock.calls.filter(([sql]) => sql.includes('api_keys'));
    expect(lookedUp).toHaveLength(3);
  });

  it('does not count valid or expired keys, however many new ones come at once', async () => {
    const from = '198.51.100.21';
    const make = () => makeKey(database.url, 'Theatre');
    const keys = await Promise.all(Array.from({ length: 6 }, make));
    const ended = await makeKey(database.url, 'Theatre', SCOPES, new Date(Date.now() - 1_000));
    slowReads();
    const sent = Array.from({ length: 60 }, (_, index) => read(keys[index % 6]!, from));
    const late = Array.from({ length: 20 }, () => read(ended, from));
    const answers = await Promise.all([...late, ...sent]);
    const expected = [...Array<number>(20).fill(401), ...Array<number>(60).fill(200)];
    expect(answers.map(({ status }) => status)).toEqual(expected);
    await read(await make(), from).expect(200);
  });

  it('answers 503 and counts nothing while the database is unavailable', async () => {
    const from = '198.51.100.22';
    const refuses = async () => {
      await sleep(50);
      throw overloaded();
    };
    jest.spyOn(app.nest.get(DatabaseReader), 'query').mockImplementation(refuses);
    const sent = Array.from({ length: 20 }, (_, index) => {
      return read(`rlk_${String(index).padStart(12, 'y')}_${'y'.repeat(43)}`, from);
    });
    const answers = await Promise.all(sent);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
    jest.restoreAllMocks();
    await read(await makeKey(database.url, 'Theatre'), from).expect(200);
  });

  it('does not count missing keys', async () => {
    for (let sent = 0; sent < 5; sent += 1) {
      const { body } = await request(app.server).get('/v1/events').expect(401);
      expect(body.code).toBe('key_required');
    }
  });

  it('does not count expired keys', async () => {
    const from = '198.51.100.9';
    const ended = await makeKey(database.url, 'Theatre', SCOPES, new Date(Date.now() - 1_000));
    for (let sent = 0; sent < 5; sent += 1) await read(ended, from).expect(401);
    await read(await makeKey(database.url, 'Theatre'), from).expect(200);
  });

  it.each(['open-sesame', 'rlk_short', 'x'.repeat(2_000)])(
    'counts keys of another form: %s',
    async (key) => {
      const from = `198.51.100.${30 + (key.length % 20)}`;
      for (let sent = 0; sent < 3; sent += 1) await read(key, from).expect(401);
      const { body } = await read(key, from).expect(429);
      expect(body).toMatchObject({ code: 'rate_limited', policy: 'wrong-keys' });
    },
  );

  it('counts the /64 networks of one /48 network together, too', async () => {
    const from = (nth: number) => `2001:db8:9:${nth.toString(16)}::1`;
    for (let nth = 0; nth < 30; nth += 1) {
      await read(nth % 2 ? 'open-sesame' : guess('n'), from(nth)).expect(401);
    }
    const { body } = await read(guess('n'), from(99)).expect(429);
    expect(body).toMatchObject({ code: 'rate_limited', policy: 'network-wrong-keys' });
    await read(guess('n'), '2001:db8:a::1').expect(401);
  });
});

describe('the rate limit on guesses at ADMIN_API_KEY', () => {
  const app = useApp(useDatabase(), {
    AUTH_MODE: 'keys',
    ADMIN_API_KEY,
    TRUST_PROXY: 'loopback',
    RATE_LIMIT_WRONG_KEYS_PER_MINUTE: '3',
  });
  const read = (key: string, from: string) =>
    request(app.server)
      .get('/v1/events')
      .set('Authorization', `Bearer ${key}`)
      .set('X-Forwarded-For', from);

  it('refuses the right key as well at an address that has guessed too often', async () => {
    for (let sent = 0; sent < 3; sent += 1) await read('open-sesame', '203.0.113.1').expect(401);
    const { body } = await read(ADMIN_API_KEY, '203.0.113.1').expect(429);
    expect(body).toMatchObject({ code: 'rate_limited', policy: 'wrong-keys' });
    await read(ADMIN_API_KEY, '203.0.113.2').expect(200);
  });

  it('refuses it at new addresses once all together have guessed ten times as often', async () => {
    for (let nth = 0; nth < 27; nth += 1) {
      const wrong = `${ADMIN_API_KEY.slice(0, -2)}${10 + nth}`;
      await read(wrong, `203.0.113.${100 + nth}`).expect(401);
    }
    for (const key of ['open-sesame', ADMIN_API_KEY]) {
      const { body } = await read(key, '203.0.113.3').expect(429);
      expect(body).toMatchObject({ code: 'rate_limited', policy: 'admin-key-guesses' });
    }
    // Its owner has used it here before.
    await read(ADMIN_API_KEY, '203.0.113.2').expect(200);
  });
});

describe('the rate limit on attempts per person and event', () => {
  const database = useDatabase();
  const app = useApp(database, { RATE_LIMIT_ATTEMPTS_PER_PERSON: '4' });
  const off = useApp(database, { RATE_LIMIT_ATTEMPTS_PER_PERSON: '0' });

  const send = (path: string, body: object, { server } = app) =>
    request(server).post(path).send(body);

  it('counts attempts on all routes together and refuses before any effect', async () => {
    const { eventId, seatIds } = await openSeated(app.server, { rows: 1, perRow: 9 });
    const ways: readonly (readonly [path: string, body: object])[] = [
      ['/book', { eventId, identifier: 'jo' }],
      ['/v1/bookings', { eventId, identifier: 'jo' }],
      ['/v1/holds', { eventId, identifier: 'jo' }],
      [`/v1/seats/${seatIds[8]}/reserve`, { identifier: 'jo' }],
    ];
    for (const [path, body] of ways) await send(path, body).expect(201);
    for (const [path, body] of ways) {
      const answer = await send(path, body);
      expect([path, answer.status, answer.body.code]).toEqual([path, 429, 'too_many_attempts']);
    }
    const { body } = await request(app.server).get(`/status/${eventId}`).expect(200);
    expect(body).toMatchObject({ bookedTickets: 3, heldTickets: 1 });
  });

  it('counts each event separately, whatever the spelling of the identifier', async () => {
    const [eventId, other] = [await open(app), await open(app)];
    for (const identifier of ['jo', ' JO ', 'Jo', 'jO']) {
      await send('/book', { eventId, identifier }).expect(201);
    }
    const { body, headers } = await send('/book', { eventId, userId: 'jo' }).expect(429);
    expect(body).toMatchObject({ code: 'too_many_attempts', limit: 4, windowSeconds: 60 });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(JSON.stringify(body)).not.toContain('jo');
    await send('/book', { eventId, identifier: 'ann' }).expect(201);
    await send('/book', { eventId: other, identifier: 'jo' }).expect(201);
    await send('/cancel', { eventId, identifier: 'jo' }).expect(200);
    await request(app.server).get(`/status/${eventId}`).expect(200);
  });

  it('counts retries with an idempotency key and stores no refused attempt', async () => {
    const eventId = await open(app);
    const body = { eventId, identifier: 'kim' };
    const again = (key: string, { server } = app) =>
      request(server).post('/book').set('Idempotency-Key', key).send(body);
    for (let sent = 0; sent < 4; sent += 1) await again('k').expect(201);
    await again('k').expect(429);
    await again('late').expect(429);
    await again('late', off).expect(201);
  });

  it('allows any number of attempts when it is switched off', async () => {
    const eventId = await open(off);
    for (let sent = 0; sent < 25; sent += 1) {
      await send('/book', { eventId, identifier: 'jo' }, off).expect(201);
    }
  });
});
