import http from 'node:http';
import { type Answer, Api, ServiceProcess, useDatabase } from '../kit/index.js';
import { freePort } from '../kit/free-port.js';
import { Nginx } from './support/nginx.js';

const LIMIT = 5;
const TOO_LARGE = 65 * 1024;

jest.setTimeout(60_000);

describe('nginx.conf', () => {
  const database = useDatabase();
  let instances: ServiceProcess[] = [];
  let nginx: Nginx;
  let api: Api;

  beforeAll(async () => {
    const ports = [await freePort(), await freePort()];
    const environment = { DATABASE_URL: database.url, TRUST_PROXY: '127.0.0.1', LOG_LEVEL: 'info' };
    instances = await Promise.all(
      ports.map((port) => ServiceProcess.start({ ...environment, PORT: String(port) })),
    );
    nginx = await Nginx.start(ports);
    api = new Api(nginx.url);
  });

  afterAll(async () => {
    api?.close();
    await nginx?.stop();
    await Promise.all(instances.map((instance) => instance.stop()));
  });

  const asking = (path: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> =>
    api.send('GET', `${nginx.url}${path}`, undefined, headers);

  it('gives both instances their share', async () => {
    const eventId = await api.open(10);
    for (let asked = 0; asked < 10; asked += 1) await api.status(eventId);
    for (const { api: direct } of instances) {
      expect(nginx.output).toContain(`"instance":"${new URL(direct.baseUrl).host}"`);
    }
  });

  it.each(['/metrics', '/metrics/', '/METRICS', '//metrics', '/%6detrics', '/docs', '/docs/x'])(
    'does not show %s to the world',
    async (path) => {
      const answer = await asking(path);
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.body.code).toBe('not_found');
      expect(nginx.output.trim().split('\n').at(-1)).toContain('"instance":""');
    },
  );

  it('refuses a large body as the service does', async () => {
    const answer = await api.post('/book', { eventId: 'x'.repeat(TOO_LARGE) });
    expect(answer.status).toBe(413);
    expect(answer.body).toMatchObject({ code: 'payload_too_large', status: 413 });
  });

  it('refuses headers that are too large as the service does', async () => {
    const answer = await asking('/health/live', { 'X-Filler': 'x'.repeat(40_000) });
    expect(answer.body).toMatchObject({ code: 'headers_too_large', status: 431 });
    expect(answer.status).toBe(431);
  });

  it('passes on a harmless request id, and makes one otherwise', async () => {
    const own = await asking('/health/live', { 'X-Request-Id': 'till-7:42' });
    expect(own.headers['x-request-id']).toBe('till-7:42');
    const made = await asking('/health/live', { 'X-Request-Id': 'a "b"' });
    const { 'x-request-id': id } = made.headers;
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(nginx.output).toContain(`"requestId":"${String(id)}"`);
  });

  it('compresses, and the tag that became weak by that is still good for If-Match', async () => {
    const description = 'A long evening. '.repeat(200);
    const opened = await api.post('/v1/events', { name: 'Gala', totalTickets: 5, description });
    const path = `/v1/events/${opened.body.id}`;
    const plain = await asking(path);
    const headers = await headersOf(new URL(path, nginx.url), { 'Accept-Encoding': 'gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers.etag).toBe(`W/${plain.headers.etag}`);
    const edited = await api.patch(path, { name: 'Ball' }, { 'If-Match': headers.etag });
    expect(edited.status).toBe(200);
  });

  it('keeps people who name themselves in an address out of its log', async () => {
    await asking('/v1/bookings?identifier=jane%40example.org');
    await api.book(await api.open(1), 'jane@example.org');
    expect(nginx.output).toContain('"path":"/v1/bookings"');
    expect(nginx.output).not.toMatch(/jane/);
  });

  it('tells the service who asks, whatever he says himself', async () => {
    const port = await freePort();
    const limits = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_READS_PER_ADDRESS: String(LIMIT) };
    const environment = {
      DATABASE_URL: database.url,
      TRUST_PROXY: '127.0.0.1',
      PORT: String(port),
    };
    const limited = await ServiceProcess.start({ ...environment, ...limits });
    const other = await Nginx.start([port, port]);
    const through = new Api(other.url);
    const statuses: number[] = [];
    for (let sent = 0; sent <= LIMIT; sent += 1) {
      const headers = { 'X-Forwarded-For': `198.51.100.${sent}` };
      statuses.push((await through.send('GET', '/v1/events', undefined, headers)).status);
    }
    expect(statuses.at(-1)).toBe(429);
    through.close();
    await other.stop();
    await limited.stop();
  });

  it('says that nobody knows when there is nobody to ask', async () => {
    const lonely = await Nginx.start([await freePort(), await freePort()]);
    const through = new Api(lonely.url);
    const answer = await through.post('/book', {});
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('1');
    expect(answer.body).toMatchObject({ code: 'outcome_unknown', outcome: 'unknown' });
    through.close();
    await lonely.stop();
  });
});

/** The headers only: the body is compressed. */
function headersOf(url: URL, headers: http.OutgoingHttpHeaders): Promise<http.IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.headers));
    });
    request.on('error', reject);
  });
}
