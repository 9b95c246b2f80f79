import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Api, ServiceProcess, useDatabase } from '../kit/index.js';

const SHIFTED = join(__dirname, 'support/shifted-clock.cjs');
const AHEAD_MS = 600_000;

/** Longer than three sweeps of the worker that expires holds. */
const SWEEPS_MS = 3_500;

interface Hold {
  readonly id: string;
  readonly status: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

interface Item {
  readonly id: string;
}

describe('instances whose clocks differ', () => {
  const database = useDatabase();
  let services: readonly ServiceProcess[];
  let right: Api;
  let ahead: Api;

  beforeAll(async () => {
    services = await Promise.all(
      [0, AHEAD_MS].map((shift) =>
        ServiceProcess.start({
          DATABASE_URL: database.url,
          NODE_OPTIONS: `--require ${SHIFTED}`,
          CLOCK_SHIFT_MS: String(shift),
        }),
      ),
    );
    [right, ahead] = services.map(({ api }) => api) as [Api, Api];
  });
  afterAll(() => Promise.all(services.map((service) => service.stop())));

  const open = async (body: object = {}): Promise<string> =>
    (await right.post('/initialize', { name: 'Gala', totalTickets: 100, ...body })).body.id;
  const hold = async (api: Api, eventId: string): Promise<Hold> => {
    const body = { eventId, identifier: 'ann', ttlSeconds: 300 };
    return (await api.post<Hold>('/v1/holds', body)).body;
  };
  const listed = async (api: Api, path: string): Promise<readonly string[]> => {
    const { body } = await api.get<{ readonly data: readonly Item[] }>(path);
    return body.data.map(({ id }) => id);
  };
  /** Does it on the two instances in turn, the one that is ahead first. */
  const inTurn = async <Result>(
    count: number,
    act: (api: Api, nth: number) => Promise<Result>,
  ): Promise<readonly Result[]> => {
    const results: Result[] = [];
    for (let nth = 0; nth < count; nth += 1) {
      results.push(await act(nth % 2 === 0 ? ahead : right, nth));
    }
    return results;
  };

  it('keep a hold of one of them as long as it was promised', async () => {
    const eventId = await open();
    const { id } = await hold(right, eventId);
    await pause(SWEEPS_MS);
    for (const api of [right, ahead]) {
      expect((await api.get<Hold>(`/v1/holds/${id}`)).body.status).toBe('HELD');
    }
    expect((await ahead.post(`/v1/holds/${id}/confirm`)).status).toBe(201);
  });

  it('keep an offer as long as it was promised', async () => {
    const eventId = await open({ totalTickets: 1, waitlist: { mode: 'offer' } });
    await right.book(eventId, 'ann');
    await right.book(eventId, 'bob');
    await right.cancel(eventId, 'ann');
    const [entry] = await listed(right, `/v1/waitlist?eventId=${eventId}`);
    await pause(SWEEPS_MS);
    const { body } = await ahead.get<{ readonly status: string }>(`/v1/waitlist/${entry}`);
    expect(body.status).toBe('OFFERED');
    expect((await ahead.post(`/v1/waitlist/${entry}/accept`)).status).toBe(201);
  });

  it('write the same time, whichever of them decides', async () => {
    const eventId = await open();
    for (const made of await inTurn(2, (api) => hold(api, eventId))) {
      expect(Math.abs(Date.parse(made.createdAt) - Date.now())).toBeLessThan(60_000);
      expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(300_000);
    }
  });

  it('cancel the newest ticket, whichever of them booked it', async () => {
    const eventId = await open();
    const body = { eventId, identifier: 'ann' };
    const booked = await inTurn(2, (api) => api.post('/book', body));
    const cancelled = await ahead.post('/cancel', body);
    expect(cancelled.status).toBe(200);
    const [first, last] = booked.map((one) => one.body.tickets[0]!.id);
    const rows = await database.query<{ readonly id: string }>(
      "SELECT id FROM tickets WHERE event_id = ? AND status = 'BOOKED'",
      [eventId],
    );
    expect(rows.map(({ id }) => id)).toEqual([first]);
    expect(rows.map(({ id }) => id)).not.toContain(last);
  });

  it('list bookings and events newest first, also over pages', async () => {
    const eventId = await open();
    const booked = await inTurn(6, async (api, nth) => {
      const body = { eventId, identifier: `person-${nth}` };
      return (await api.post<{ readonly booking: Item }>('/v1/bookings', body)).body.booking.id;
    });
    const newest = booked.toReversed();
    for (const api of [right, ahead]) {
      expect(await listed(api, `/v1/bookings?eventId=${eventId}`)).toEqual(newest);
    }
    const events = await inTurn(4, async (api) => {
      return (await api.post('/v1/events', { name: 'Gala', totalTickets: 1 })).body.id;
    });
    expect(await listed(right, '/v1/events?limit=4')).toEqual(events.toReversed());
  });

  it('show in /health and /metrics how far their clocks are ahead', async () => {
    for (const [api, ms] of [
      [right, 0],
      [ahead, AHEAD_MS],
    ] as const) {
      const { body } = await api.get<{ readonly clockAheadMs: number }>('/health');
      expect(Math.abs(body.clockAheadMs - ms)).toBeLessThan(5_000);
      const metrics = await (await fetch(`${api.baseUrl}/metrics`)).text();
      const seconds = Number(/^rowlock_clock_ahead_seconds (\S+)$/m.exec(metrics)?.[1]);
      expect(Math.abs(seconds * 1_000 - ms)).toBeLessThan(5_000);
    }
  });
});
