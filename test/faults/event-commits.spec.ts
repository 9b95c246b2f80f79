import { type Answer, assertInvariants, ServiceProcess, useDatabase } from '../kit/index.js';
import { type Fault, type FaultOptions, TcpProxy } from '../kit/tcp-proxy.js';
import { eventually } from '../kit/eventually.js';
import { openTransactionsIn } from '../kit/transactions.js';

const COMMIT = /^COMMIT/;

interface EventBody {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly totalTickets: number;
  readonly bookedTickets: number;
  readonly waitingListCount: number;
}

describe.each<[string, (proxy: TcpProxy, options?: FaultOptions) => Fault]>([
  ['before it reached the server', (proxy, options) => proxy.cutBefore(COMMIT, options)],
  ['before its answer came', (proxy, options) => proxy.cutAfter(COMMIT, options)],
  ['and delivered late', (proxy, options) => proxy.cutButDeliver(COMMIT, 250, options)],
])('a change of an event whose COMMIT is cut off %s', (_, cut) => {
  const database = useDatabase();
  let proxy: TcpProxy;
  let service: ServiceProcess;

  beforeAll(async () => {
    proxy = await TcpProxy.inFrontOf(database.url);
    service = await ServiceProcess.start({ DATABASE_URL: proxy.url, DATABASE_POOL_SIZE: '4' });
  });

  afterEach(async () => {
    await assertInvariants(database.url);
    await eventually('no transaction open', async () => (await openTransactionsIn(database)) === 0);
  });

  afterAll(async () => {
    expect(await service.stop()).toBe(0);
    await proxy.close();
  });

  const open = async (more: object = {}): Promise<string> => {
    const body = { name: 'Gala', totalTickets: 2, ...more };
    return (await service.api.post('/v1/events', body)).body.id;
  };

  const messageTypes = async (eventId: string): Promise<string[]> => {
    const rows = await database.query<{ type: string }>(
      'SELECT type FROM outbox_messages WHERE event_id = ? AND section_id IS NULL ORDER BY sequence',
      [eventId],
    );
    return rows.map(({ type }) => type);
  };

  /** Sends a change twice with one key; the first COMMIT is cut off. */
  async function twice(
    send: (headers: Record<string, string>) => Promise<Answer<EventBody>>,
    eventId: string,
  ): Promise<EventBody> {
    const headers = { 'Idempotency-Key': `attempt-${eventId}` };
    const fault = cut(proxy);
    const first = await send(headers);
    expect(fault.happened).toBe(1);
    const again = await send(headers);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(again.headers['etag']).toBe(first.headers['etag']);
    return first.body;
  }

  it('edits once, and promotes once', async () => {
    const id = await open();
    for (const who of ['ann', 'bob', 'cyd', 'dee']) await service.api.book(id, who);
    const body = { name: 'Encore', totalTickets: 3 };
    const event = await twice((headers) => {
      return service.api.patch<EventBody>(`/v1/events/${id}`, body, headers);
    }, id);
    expect(event).toMatchObject({ ...body, bookedTickets: 3, waitingListCount: 1 });
    expect(await messageTypes(id)).toEqual(['event.published', 'event.updated']);
  });

  it('publishes once', async () => {
    const id = await open({ status: 'DRAFT' });
    const event = await twice((headers) => {
      return service.api.post<EventBody>(`/v1/events/${id}/publish`, {}, headers);
    }, id);
    expect(event.status).toBe('PUBLISHED');
    expect(await messageTypes(id)).toEqual(['event.created', 'event.published']);
  });

  it('cancels once', async () => {
    const id = await open();
    for (const who of ['ann', 'bob', 'cyd']) await service.api.book(id, who);
    const event = await twice((headers) => {
      return service.api.post<EventBody>(`/v1/events/${id}/cancel`, {}, headers);
    }, id);
    expect(event).toMatchObject({ status: 'CANCELLED', bookedTickets: 0, waitingListCount: 0 });
    expect(await messageTypes(id)).toEqual(['event.published', 'event.cancelled']);
  });

  describe('in many steps', () => {
    const PARTY = 1_000;
    const PARTIES = 12;

    /** Groups that find no places wait. */
    async function festival(totalTickets: number): Promise<string> {
      const id = await open({ totalTickets });
      for (let nth = 0; nth < PARTIES; nth += 1) {
        expect((await service.api.book(id, `party-${nth}`, { quantity: PARTY })).status).toBe(201);
      }
      return id;
    }

    it.each([
      ['a step', 1],
      ['the last step', 2],
    ])('raises the capacity in full, cut off at %s', async (__, skip) => {
      const id = await festival(PARTY);
      const fault = cut(proxy, { skip });
      const whole = { totalTickets: PARTIES * PARTY };
      const { body } = await service.api.patch<EventBody>(`/v1/events/${id}`, whole);
      expect(fault.happened).toBe(1);
      const bookedTickets = PARTIES * PARTY;
      expect(body).toMatchObject({ ...whole, bookedTickets, waitingListCount: 0 });
    });

    it.each([
      ['a chunk', 1],
      ['the last chunk', 3],
      ['the check that found nothing more', 4],
      ['the record of the completion', 5],
    ])('cancels everything, cut off at %s', async (__, skip) => {
      const id = await festival(PARTIES * PARTY);
      const fault = cut(proxy, { skip });
      const { body } = await service.api.post<EventBody>(`/v1/events/${id}/cancel`);
      expect(fault.happened).toBe(1);
      expect(body).toMatchObject({ status: 'CANCELLED', bookedTickets: 0 });
      const ending = 'SELECT id FROM events WHERE id = ? AND is_ending = 1';
      expect(await database.query(ending, [id])).toEqual([]);
    });
  });
});
