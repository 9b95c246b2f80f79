import request from 'supertest';
import { useApp, useDatabase } from '../kit/index.js';
import { TcpProxy } from '../kit/tcp-proxy.js';
import { samplesIn, valueOf } from './support/samples.js';

describe('GET /metrics', () => {
  const database = useDatabase();
  // A single instance, so that it counts all requests of this file and no others.
  const app = useApp(database, { RATE_LIMIT_READS_PER_ADDRESS: '100000' });
  const post = (path: string, body: object) => request(app.server).post(path).send(body);
  const samples = async () => samplesIn((await request(app.server).get('/metrics')).text);

  it('answers in the text format of Prometheus', async () => {
    const { text, headers } = await request(app.server).get('/metrics').expect(200);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text).toMatch(/^# HELP rowlock_build_info .+\n# TYPE rowlock_build_info gauge\n/);
    expect(text).toMatch(/rowlock_build_info\{version="\d+\.\d+\.\d+",node="[\d.]+"\} 1\n/);
    expect(valueOf(samplesIn(text), 'process_cpu_seconds_total')).toBeGreaterThan(0);
    const lag = valueOf(samplesIn(text), 'nodejs_eventloop_lag_seconds', { quantile: '0.99' });
    expect(lag).toBeGreaterThanOrEqual(0);
    expect(lag).toBeLessThan(10);
  });

  it('describes each metric once and repeats no sample', async () => {
    const { text } = await request(app.server).get('/metrics');
    const types = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);
    expect(new Set(types).size).toBe(types.length);
    const names = samplesIn(text).map(({ name, labels }) => name + JSON.stringify(labels));
    expect(new Set(names).size).toBe(names.length);
  });

  it('counts the outcomes of commands, and promotions', async () => {
    const { id: eventId } = (await post('/initialize', { name: 'Opera', totalTickets: 2 })).body;
    const book = (identifier: string, more = {}) => post('/book', { eventId, identifier, ...more });
    const before = await samples();
    await book('ann', { quantity: 2 }).expect(201);
    await book('bob').expect(201);
    await book('bob').expect(409);
    await book('cleo', { onSoldOut: 'refuse' }).expect(409);
    await post('/cancel', { eventId, identifier: 'ann' }).expect(200);
    const after = await samples();
    const risen = (name: string, labels: Record<string, string>) =>
      (valueOf(after, name, labels) ?? 0) - (valueOf(before, name, labels) ?? 0);
    const outcome = (command: string, name: string, code = '') =>
      risen('rowlock_commands_total', { command, outcome: name, code });
    expect(outcome('book', 'booked')).toBe(1);
    expect(outcome('book', 'waitlisted')).toBe(1);
    expect(outcome('book', 'refused', 'already_waiting')).toBe(1);
    expect(outcome('book', 'refused', 'sold_out')).toBe(1);
    expect(outcome('cancel', 'cancelled')).toBe(1);
    expect(risen('rowlock_promotions_total', { got: 'booking' })).toBe(1);
    expect(risen('rowlock_facts_total', { type: 'booking.confirmed' })).toBe(2);
    expect(risen('rowlock_batch_commands_sum', {})).toBe(5);
    expect(risen('rowlock_lane_wait_seconds_count', {})).toBe(5);
    expect(risen('rowlock_lock_wait_seconds_count', {})).toBeGreaterThanOrEqual(5);
  });

  it('counts a retry as a replay, not as another booking', async () => {
    const { id: eventId } = (await post('/initialize', { name: 'Opera', totalTickets: 2 })).body;
    const before = await samples();
    const attempt = { eventId, identifier: 'dora' };
    for (const _ of [1, 2, 3]) await post('/book', attempt).set('Idempotency-Key', 'once');
    const after = await samples();
    const risen = (outcome: string) => {
      const labels = { command: 'book', outcome, code: '' };
      const name = 'rowlock_commands_total';
      return (valueOf(after, name, labels) ?? 0) - (valueOf(before, name, labels) ?? 0);
    };
    expect([risen('booked'), risen('replayed')]).toEqual([1, 2]);
  });

  it('counts promotions by an edit of an event', async () => {
    const { id: eventId } = (await post('/initialize', { name: 'Opera', totalTickets: 1 })).body;
    for (const identifier of ['a', 'b', 'c']) await post('/book', { eventId, identifier });
    const before = await samples();
    await request(app.server).patch(`/v1/events/${eventId}`).send({ totalTickets: 3 }).expect(200);
    const after = await samples();
    const promoted = (all: typeof after) =>
      valueOf(all, 'rowlock_promotions_total', { got: 'booking' }) ?? 0;
    expect(promoted(after) - promoted(before)).toBe(2);
  });

  it('times requests by route pattern, never by path', async () => {
    const { id } = (await post('/initialize', { name: 'Opera', totalTickets: 1 })).body;
    await request(app.server).get(`/status/${id}?identifier=secret`);
    await request(app.server).get('/nothing/here/secret');
    await request(app.server).get('/%2e%2e/secret');
    const { text } = await request(app.server).get('/metrics');
    const all = samplesIn(text);
    const times = (route: string, status: string) =>
      valueOf(all, 'rowlock_http_request_duration_seconds_count', { method: 'GET', route, status });
    expect(times('/status/:eventId', '200')).toBeGreaterThanOrEqual(1);
    expect(times('unknown', '404')).toBeGreaterThanOrEqual(1);
    expect(text).not.toContain(id);
    expect(text).not.toContain('secret');
  });

  it('reports the lanes, the pool, the workers and the checks', async () => {
    const all = await samples();
    const of = (name: string, labels = {}) => valueOf(all, name, labels);
    expect(of('rowlock_lane_waiting_commands', { lane: '0' })).toBe(0);
    expect(of('rowlock_lane_busy_seconds', { lane: '0' })).toBe(0);
    expect(of('rowlock_lane_locked_sections', { lane: '0' })).toBe(0);
    expect(of('rowlock_backlog_wait_seconds')).toBe(0);
    expect(of('rowlock_pool_connections')).toBe(20);
    // The database check may not have returned its connection yet.
    expect(of('rowlock_pool_connections_in_use')).toBeLessThanOrEqual(2);
    expect(of('rowlock_pool_waiting')).toBe(0);
    expect(of('rowlock_read_connections')).toBe(4);
    expect(of('rowlock_expensive_reads_waiting')).toBe(0);
    expect(of('rowlock_unread_response_bytes')).toBe(0);
    expect(of('rowlock_unread_connections_cut_total')).toBe(0);
    for (const worker of [
      'expiry_sweeper',
      'finishing_worker',
      'idempotency_janitor',
      'key_uses',
    ]) {
      expect(of('rowlock_worker_runs_total', { worker, result: 'failed' })).toBe(0);
    }
    for (const check of ['service', 'database', 'lanes']) {
      expect(of('rowlock_check_up', { check })).toBe(1);
    }
  });
});

describe('GET /metrics of several instances on one database', () => {
  const database = useDatabase();
  const first = useApp(database, { RATE_LIMIT_READS_PER_ADDRESS: '1' });
  const second = useApp(database, { RATE_LIMIT_READS_PER_ADDRESS: '100000' });
  const nowhere = { REDIS_URL: 'redis://127.0.0.1:1' };
  const sharing = useApp(database, nowhere);
  const unlimited = useApp(database, { ...nowhere, RATE_LIMIT_ENABLED: 'false' });

  it('reports the places and waitlist entries of all instances', async () => {
    const post = (path: string, body: object) => request(second.server).post(path).send(body);
    const { id: eventId } = (await post('/initialize', { name: 'Opera', totalTickets: 3 })).body;
    await post('/v1/holds', { eventId, identifier: 'hal', quantity: 1 }).expect(201);
    for (const identifier of ['a', 'b', 'c', 'd']) await post('/book', { eventId, identifier });
    const { text } = await request(first.server).get('/metrics').expect(200);
    const places = (state: string) => valueOf(samplesIn(text), 'rowlock_places', { state });
    expect([places('available'), places('held'), places('booked')]).toEqual([0, 1, 2]);
    expect(valueOf(samplesIn(text), 'rowlock_waiting_entries')).toBe(2);
  });

  it('reports whether rate limits are shared, but only where they should be', async () => {
    const { text } = await request(sharing.server).get('/metrics').expect(200);
    expect(valueOf(samplesIn(text), 'rowlock_rate_limits_shared')).toBe(0);
    for (const { server } of [first, unlimited]) {
      expect((await request(server).get('/metrics')).text).not.toContain('rate_limits_shared');
    }
  });

  it('is exempt from rate limits', async () => {
    for (const _ of [1, 2, 3]) await request(first.server).get('/metrics').expect(200);
    await request(first.server).get('/v1/events').expect(200);
    await request(first.server).get('/v1/events').expect(429);
  });
});

describe('GET /metrics when database connections break', () => {
  const database = useDatabase();
  let proxy: TcpProxy;
  beforeAll(async () => (proxy = await TcpProxy.inFrontOf(database.url)));
  afterAll(() => proxy.close());
  // A single instance, so that it counts all requests of this file and no others.
  const behind = {
    name: '',
    query: () => Promise.resolve([]),
    get url() {
      return proxy.url;
    },
  };
  const app = useApp(behind, { RATE_LIMIT_READS_PER_ADDRESS: '100000' });

  // Must come first: values that were read once are cached for some seconds.
  it('soon reports the database as down, and omits places that it does not know', async () => {
    proxy.refuseConnections();
    proxy.cutAll();
    const since = performance.now();
    const { text } = await request(app.server).get('/metrics').expect(200);
    expect(performance.now() - since).toBeLessThan(5_000);
    expect(valueOf(samplesIn(text), 'rowlock_check_up', { check: 'database' })).toBe(0);
    expect(valueOf(samplesIn(text), 'rowlock_check_up', { check: 'lanes' })).toBe(1);
    expect(samplesIn(text).filter(({ name }) => /places|waiting_entries/.test(name))).toEqual([]);
    expect(text).toContain('# TYPE rowlock_places gauge\n');
    proxy.acceptConnections();
  });

  it('counts a booking that took two transactions once, and its retry', async () => {
    const post = (path: string, body: object) => request(app.server).post(path).send(body);
    const { id: eventId } = (await post('/initialize', { name: 'Opera', totalTickets: 3 })).body;
    const before = samplesIn((await request(app.server).get('/metrics')).text);
    const cut = proxy.cutBefore(/^COMMIT/);
    await post('/book', { eventId, identifier: 'ann' }).expect(201);
    expect(cut.happened).toBe(1);
    const after = samplesIn((await request(app.server).get('/metrics')).text);
    const risen = (name: string, labels = {}) =>
      (valueOf(after, name, labels) ?? 0) - (valueOf(before, name, labels) ?? 0);
    const booked = { command: 'book', outcome: 'booked', code: '' };
    expect(risen('rowlock_commands_total', booked)).toBe(1);
    expect(risen('rowlock_facts_total', { type: 'booking.confirmed' })).toBe(1);
    expect(risen('rowlock_unknown_commits_total')).toBe(1);
    const reason = 'PROTOCOL_CONNECTION_LOST';
    expect(risen('rowlock_transaction_retries_total', { reason })).toBe(1);
    expect(risen('rowlock_transactions_given_up_total')).toBe(0);
  });
});
