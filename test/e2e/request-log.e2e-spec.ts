import { randomBytes } from 'node:crypto';
import request from 'supertest';
import { ServiceProcess, useApp, useDatabase } from '../kit/index.js';
import { makeKey } from '../kit/keys.js';
import { eventually } from '../kit/eventually.js';

interface Line {
  readonly requestId?: string;
  readonly status?: number;
}

describe('the log of a request', () => {
  const database = useDatabase();
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await ServiceProcess.start({ DATABASE_URL: database.url, LOG_LEVEL: 'info' });
  });

  afterAll(() => service.stop());

  const linesAbout = (requestId: string): Line[] =>
    service.output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line)
      .filter((line) => line.requestId === requestId);

  const lineAbout = async (requestId: string): Promise<Line> => {
    await eventually('the line', () => linesAbout(requestId).length > 0);
    const lines = linesAbout(requestId);
    expect(lines).toHaveLength(1);
    return lines[0]!;
  };

  it('is one line with the outcome', async () => {
    const eventId = await service.api.open(1);
    const ask = (id: string, more: object = {}) =>
      service.api.post(
        '/book',
        { eventId, identifier: `${id}@example.org`, ...more },
        { 'X-Request-Id': id },
      );
    expect((await ask('first')).status).toBe(201);
    expect((await ask('second', { onSoldOut: 'refuse' })).status).toBe(409);
    expect((await ask('third', { quantity: 'x' })).status).toBe(400);
    const common = { level: 30, method: 'POST', route: '/book', msg: 'request' };
    const also = { time: expect.any(Number) as number, ms: expect.any(Number) as number };
    const line = { ...common, ...also };
    expect(await lineAbout('first')).toEqual({ ...line, requestId: 'first', status: 201 });
    expect(await lineAbout('second')).toEqual({
      ...line,
      requestId: 'second',
      status: 409,
      code: 'sold_out',
    });
    expect(await lineAbout('third')).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(service.output).not.toContain('example.org');
  });

  it('contains requests for unknown paths', async () => {
    const headers = { 'X-Request-Id': 'nowhere' };
    await service.api.send('GET', '/nowhere', undefined, headers);
    expect(await lineAbout('nowhere')).toMatchObject({ status: 404, code: 'not_found' });
  });
});

describe('the log of requests with API keys', () => {
  const database = useDatabase();
  const ADMIN_API_KEY = '5d1c0be7f5a4923e88d0a7b1c6f2493be07a51d8c3f6920e';
  const app = useApp(database, { AUTH_MODE: 'keys', ADMIN_API_KEY });

  it('names the id of the key, never the key', async () => {
    const key = await makeKey(database.url, 'Theatre', ['bookings:write']);
    const ask = async (token: string, id: string) => {
      const sent = request(app.server).get('/v1/bookings').set('X-Request-Id', id);
      await sent.set('Authorization', `Bearer ${token}`);
      return app.log.find((line) => line.msg === 'request' && line.requestId === id);
    };
    const [, id, secret] = key.split('_');
    expect(await ask(key, 'own')).toMatchObject({ key: id, code: 'scope_missing' });
    expect(await ask(ADMIN_API_KEY, 'admin')).toMatchObject({ key: 'admin' });
    expect(await ask('open-sesame', 'wrong')).not.toHaveProperty('key');
    expect(JSON.stringify(app.log)).not.toContain(secret);
  });
});

describe('the output of a service', () => {
  const database = useDatabase();
  const user = `u_${randomBytes(4).toString('hex')}`;
  const secret = (name: string): string => `${name}-${randomBytes(16).toString('hex')}`;
  const secrets = { database: secret('db'), redis: secret('redis') };

  it('contains no password or API key from its settings', async () => {
    await database.query(`CREATE USER ${user} IDENTIFIED BY '${secrets.database}'`);
    await database.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${database.name}.* TO ${user}`);
    const url = new URL(database.url);
    [url.username, url.password] = [user, secrets.database];
    const ADMIN_API_KEY = secret('admin');
    const service = await ServiceProcess.start({
      DATABASE_URL: url.href,
      REDIS_URL: `redis://app:${secrets.redis}@127.0.0.1:1`,
      RATE_LIMIT_ENABLED: 'true',
      AUTH_MODE: 'keys',
      ADMIN_API_KEY,
    });
    const ask = (key: string) =>
      service.api.send('GET', '/v1/events', undefined, { Authorization: `Bearer ${key}` });
    expect((await ask(ADMIN_API_KEY)).status).toBe(200);
    expect((await ask(secret('wrong'))).status).toBe(401);
    await eventually('a log line about Redis', () =>
      service.output.includes('Redis cannot be used'),
    );
    expect(await service.stop()).toBe(0);
    await database.query(`DROP USER ${user}`);
    expect(service.output).toContain(database.name);
    for (const word of [...Object.values(secrets), ADMIN_API_KEY]) {
      expect(service.output).not.toContain(word);
    }
  });
});
