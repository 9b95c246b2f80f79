import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, Api, ServiceProcess, useDatabase } from '../kit/index.js';
import { freePort } from '../kit/free-port.js';
import { eventually } from '../kit/eventually.js';
import { Nginx } from './support/nginx.js';
import { holdOpen, sendRaw } from './support/raw.js';
import { sink } from './support/sink.js';

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

  const context = (path: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> =>
    api.send('GET', `${nginx.url}${path}`, undefined, headers);

  it('sends requests to both instances', async () => {
    const eventId = await api.open(10);
    for (let asked = 0; asked < 10; asked += 1) await api.status(eventId);
    for (const { api: direct } of instances) {
      expect(nginx.output).toContain(`"instance":"${new URL(direct.baseUrl).host}"`);
    }
  });

  it.each(['/metrics', '/metrics/', '/METRICS', '//metrics', '/%6detrics', '/docs', '/docs/x'])(
    'hides %s from the public',
    async (path) => {
      const answer = await context(path);
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

  it('refuses headers that are too large, as the service does', async () => {
    const answer = await context('/health/live', { 'X-Filler': 'x'.repeat(40_000) });
    expect(answer.body).toMatchObject({ code: 'headers_too_large', status: 431 });
    expect(answer.status).toBe(431);
  });

  const REST = ' HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
  const LONG = `GET /${'x'.repeat(40_000)}`;
  it.each([
    ['GET /%', 400, 'malformed_request'],
    ['GET /%zz', 400, 'malformed_request'],
    ['GET /%00', 400, 'malformed_request'],
    ['GET /../..', 400, 'malformed_request'],
    ['CONNECT a:1', 400, 'malformed_request'],
    ['to whom it may concern', 400, 'malformed_request'],
    ['(a long line)', 414, 'uri_too_long'],
    ['TRACE /health/live', 404, 'not_found'],
  ])('answers %s with %d %s, as a problem document', async (line, status, code) => {
    const answer = await sendRaw(nginx.url, (status === 414 ? LONG : line) + REST);
    expect(answer.headers).toContain('application/problem+json');
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ status, code });
  });

  it.each([
    ['of another major version', 'GET / HTTP/7.0\r\nHost: localhost\r\n\r\n'],
    ['without a host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
    [
      'with an invalid length',
      'POST /book HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n',
    ],
    [
      'in an unknown coding',
      'POST /book HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x\r\n\r\n',
    ],
  ])('answers a request %s with malformed_request', async (_, text) => {
    const answer = await sendRaw(nginx.url, text);
    expect(answer).toMatchObject({ status: 400 });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'malformed_request', status: 400 });
  });

  it('serves nothing at the internal paths of its error answers', async () => {
    for (const path of ['/_malformed', '/_uri_too_long']) {
      expect((await context(path)).body).toMatchObject({ code: 'not_found', status: 404 });
    }
  });

  it('passes on a harmless request id, and replaces others', async () => {
    const own = await context('/health/live', { 'X-Request-Id': 'till-7:42' });
    expect(own.headers['x-request-id']).toBe('till-7:42');
    const made = await context('/health/live', { 'X-Request-Id': 'a "b"' });
    const { 'x-request-id': id } = made.headers;
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(nginx.output).toContain(`"requestId":"${String(id)}"`);
  });

  it('compresses, and the service accepts the weakened ETag in If-Match', async () => {
    const description = 'A long evening. '.repeat(200);
    const opened = await api.post('/v1/events', { name: 'Gala', totalTickets: 5, description });
    const path = `/v1/events/${opened.body.id}`;
    const plain = await context(path);
    const headers = await headersOf(new URL(path, nginx.url), { 'Accept-Encoding': 'gzip' });
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers.etag).toBe(`W/${plain.headers.etag}`);
    const edited = await api.patch(path, { name: 'Ball' }, { 'If-Match': headers.etag });
    expect(edited.status).toBe(200);
  });

  it('keeps identifiers in query strings out of its log', async () => {
    await context('/v1/bookings?identifier=jane%40example.org');
    await api.book(await api.open(1), 'jane@example.org');
    expect(nginx.output).toContain('"path":"/v1/bookings"');
    expect(nginx.output).not.toMatch(/jane/);
  });

  it("tells the service the client's address, whatever the client claims", async () => {
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

  it('closes the connection of a slow client without an answer', async () => {
    const impatient = await Nginx.start([1, 1], {
      'client_header_timeout 10s': 'client_header_timeout 1s',
      'client_body_timeout 10s': 'client_body_timeout 1s',
    });
    const head = 'POST /book HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n';
    expect((await sendRaw(impatient.url, head)).headers).toBe('');
    expect((await sendRaw(impatient.url, `${head}\r\n{`)).headers).toBe('');
    await impatient.stop();
  });

  it('limits the requests in progress per address, and answers overloaded to others', async () => {
    const silent = await sink();
    const strict = await Nginx.start([silent.port, silent.port], {
      'limit_conn address 2000': 'limit_conn address 2',
    });
    const held = [1, 2].map(() => holdOpen(strict.url));
    await eventually('two requests', () => silent.requests() === 2);
    const answer = await sendRaw(strict.url, `GET /v1/events${REST}`);
    expect(answer.status).toBe(503);
    expect(answer.headers).toContain('Retry-After: 1');
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'overloaded', status: 503 });
    for (const socket of held) socket.destroy();
    await strict.stop();
    silent.close();
  });

  it('may open enough files for all its connections', () => {
    const { connections, files } = bounds();
    // Its log, its listening sockets, and the channels between workers.
    expect(files).toBeGreaterThanOrEqual(connections + 64);
    for (const pid of nginx.workers()) {
      const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
      expect(Number(/^Max open files +(\d+)/m.exec(limits)![1])).toBeGreaterThanOrEqual(files);
    }
  });

  it('drops the trace headers of clients, so that all traces begin here', async () => {
    const silent = await sink();
    const other = await Nginx.start([silent.port, silent.port]);
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const socket = holdOpen(other.url, `traceparent: ${traceparent}\r\ntracestate: a=b\r\n`);
    await eventually('a request', () => silent.requests() === 1);
    expect(Object.keys(silent.headers())).not.toContain('traceparent');
    expect(Object.keys(silent.headers())).not.toContain('tracestate');
    socket.destroy();
    await other.stop();
    silent.close();
  });

  it('passes on the client address that a trusted proxy in front of it names', async () => {
    const silent = await sink();
    const lines = { '# set_real_ip_from 192.0.2.0/24': 'set_real_ip_from 127.0.0.1' };
    const rest = {
      '# real_ip_header': 'real_ip_header',
      '# real_ip_recursive': 'real_ip_recursive',
    };
    const second = await Nginx.start([silent.port, silent.port], { ...lines, ...rest });
    const socket = holdOpen(second.url, 'X-Forwarded-For: 203.0.113.9, 198.51.100.7\r\n');
    await eventually('a request', () => silent.requests() === 1);
    expect(silent.headers()['x-forwarded-for']).toBe('198.51.100.7');
    socket.destroy();
    await second.stop();
    silent.close();
  });

  it('speaks TLS with the lines for it enabled, and refuses plain HTTP', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-tls-'));
    const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-days', '1', '-keyout', key, '-out', certificate];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject, ...files],
      {
        stdio: 'ignore',
      },
    );
    const port = await freePort();
    const secure = await Nginx.start(
      instances.map(({ api: { baseUrl } }) => Number(new URL(baseUrl).port)),
      {
        '# listen 8443 ssl': `listen 127.0.0.1:${port} ssl`,
        '# ssl_certificate /etc/nginx/tls/fullchain.pem': `ssl_certificate ${certificate}`,
        '# ssl_certificate_key /etc/nginx/tls/privkey.pem': `ssl_certificate_key ${key}`,
        '# ssl_session_cache': 'ssl_session_cache',
        '# error_page 497': 'error_page 497',
      },
    );
    const ca = readFileSync(certificate);
    const request = https.get({
      host: '127.0.0.1',
      servername: 'localhost',
      port,
      path: '/health/live',
      ca,
    });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
    const plain = await sendRaw(`http://127.0.0.1:${port}`, `GET /health/live${REST}`);
    expect(JSON.parse(plain.body)).toMatchObject({ code: 'malformed_request', status: 400 });
    await secure.stop();
    rmSync(folder, { recursive: true });
  });

  it('answers outcome_unknown if it has no connection left for an instance', async () => {
    const silent = await sink();
    const narrow = await Nginx.start([silent.port, silent.port], {
      'worker_connections 16384': 'worker_connections 7',
      'worker_processes auto': 'worker_processes 1',
    });
    const held = [1, 2].map(() => holdOpen(narrow.url));
    await eventually('two requests', () => silent.requests() === 2);
    const answer = await sendRaw(narrow.url, `GET /v1/events${REST}`);
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'outcome_unknown', status: 503 });
    for (const socket of held) socket.destroy();
    await narrow.stop();
    silent.close();
  });

  it('answers outcome_unknown if it reaches no instance', async () => {
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

/** The limits of a worker in the shipped configuration. */
function bounds(): { connections: number; files: number } {
  const text = readFileSync(join(__dirname, '../../deploy/nginx/nginx.conf'), 'utf8');
  const numberOf = (name: string): number => Number(new RegExp(`${name} (\\d+);`).exec(text)?.[1]);
  return { connections: numberOf('worker_connections'), files: numberOf('worker_rlimit_nofile') };
}

/** Only the headers, because the body is compressed. */
function headersOf(url: URL, headers: http.OutgoingHttpHeaders): Promise<http.IncomingHttpHeaders> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.headers));
    });
    request.on('error', reject);
  });
}
