import { ServiceProcess, useDatabase } from '../kit/index.js';
import { OtlpReceiver, type Span } from './support/otlp-receiver.js';

const IDENTIFIER = 'ophelia.of.elsinore@example.com';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

describe('traces', () => {
  const database = useDatabase();
  let receiver: OtlpReceiver;
  let exitCode: number | null;
  let eventId: string;

  beforeAll(async () => {
    receiver = await OtlpReceiver.start();
    const service = await ServiceProcess.start({
      DATABASE_URL: database.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    });
    const { api } = service;
    eventId = await api.open(50);
    await api.post(
      '/book',
      { eventId, identifier: IDENTIFIER, onSoldOut: 'wait' },
      {
        traceparent: `00-${TRACE}-${CALLER}-01`,
      },
    );
    const many = Array.from({ length: 40 }, (_, n) => api.book(eventId, `${IDENTIFIER}.${n}`));
    await Promise.all(many);
    await api.get(`/v1/bookings?eventId=${eventId}&identifier=${IDENTIFIER}`);
    await api.get(`/status/${IDENTIFIER}`);
    await api.get('/health/ready');
    // Longer than the interval of the sweeper, which then queries the database on its own.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    exitCode = await service.stop();
  });
  afterAll(() => receiver.close());

  const spans = (name: string): Span[] => receiver.spans.filter((span) => span.name === name);
  const childrenOf = ({ id }: Span): Span[] =>
    receiver.spans.filter(({ parentId }) => parentId === id);

  it('are all sent before the service ends', () => {
    expect(exitCode).toBe(0);
    expect(spans('POST /book')).toHaveLength(41);
    expect(spans('GET /v1/bookings')).toHaveLength(1);
    expect(receiver.text).toContain('rowlock');
  });

  it('continue the trace of the caller: request, batch and SQL statements', () => {
    const [request] = spans('POST /book').filter(({ traceId }) => traceId === TRACE);
    expect(request).toMatchObject({
      parentId: CALLER,
      attributes: { 'http.route': '/book', 'http.response.status_code': 201 },
    });
    const [batch] = childrenOf(request!).filter(({ name }) => name === 'bookings.batch');
    const statements = childrenOf(batch!)
      .map(({ attributes }) => String(attributes['db.query.text']))
      // Of a new connection.
      .filter((sql) => !sql.startsWith('SET SESSION'));
    expect(statements.at(-1)).toBe('COMMIT');
    expect(statements[0]).toMatch(/^START TRANSACTION; SELECT .+ FOR UPDATE; /);
    expect(statements.length).toBeLessThanOrEqual(5);
  });

  it('attach a batch to its first request and link it to the others', () => {
    const batches = spans('bookings.batch');
    expect(batches.some(({ links }) => links.length > 1)).toBe(true);
    const requests = new Set(spans('POST /book').map(({ id }) => id));
    for (const { parentId, links, attributes } of batches) {
      for (const id of [parentId, ...links]) expect(requests).toContain(id);
      expect(attributes['rowlock.commands']).toBe(links.length + 1);
    }
    const named = batches.flatMap(({ parentId, links }) => [parentId, ...links]);
    expect(new Set(named).size).toBe(41);
    expect(named).toHaveLength(41);
  });

  it('contain no identifiers, ids, addresses or values of statements', () => {
    expect(receiver.text).not.toContain('ophelia');
    expect(receiver.text).not.toContain('elsinore');
    expect(receiver.text).not.toContain(eventId);
    expect(receiver.text).not.toContain('127.0.0.1');
    expect(receiver.text).toContain('INSERT INTO bookings');
  });

  it('omit health checks and the queries of workers', () => {
    expect(receiver.spans.filter(({ name }) => name.includes('health'))).toEqual([]);
    const ids = new Set(receiver.spans.map(({ id }) => id));
    const orphans = receiver.spans.filter(
      ({ attributes, parentId }) => 'db.query.text' in attributes && !ids.has(parentId),
    );
    expect(orphans).toEqual([]);
  });
});

describe('traces for an unusable collector', () => {
  const database = useDatabase();

  it('delay neither a booking nor the shutdown, and reveal no password', async () => {
    const service = await ServiceProcess.start({
      DATABASE_URL: database.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://app:s3cret-of-the-collector@127.0.0.1:9',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=s3cret-of-a-header',
    });
    const eventId = await service.api.open(1);
    expect((await service.api.book(eventId, 'ann')).status).toBe(201);
    const since = performance.now();
    expect(await service.stop()).toBe(0);
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(service.output).not.toContain('s3cret');
  });

  it('stop the service from starting if its address is no URL', async () => {
    const start = ServiceProcess.start({
      DATABASE_URL: database.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector',
    });
    await expect(start).rejects.toThrow(/OTEL_EXPORTER_OTLP_ENDPOINT: must look like/);
  });
});
