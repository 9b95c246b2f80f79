import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  type Api,
  assertInvariants,
  ServiceProcess,
  useDatabase,
} from '../kit/index.js';
import { eventually } from '../kit/eventually.js';

/** So many that ending them all takes a while, and the storm goes on meanwhile. */
const PARTIES = 40;
const PARTY = 1_000;
/** The number of requests of each kind that makes a race. */
const ENOUGH = 20;
const STALLS = PARTIES * PARTY + 100;
const HOLDS = 150;
const CLIENTS = 16;
const STORM_MS = 600;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

interface Section {
  readonly id: string;
}

/** A request about places: its answer, and when it was sent. */
interface Attempt {
  readonly what: 'book' | 'hold' | 'confirm' | 'cancel';
  readonly sentAt: number;
  readonly answer: Answer;
}

describe('cancelling an event during a storm, on two instances', () => {
  const database = useDatabase();
  const services: ServiceProcess[] = [];
  let turn = 0;

  const api = (): Api => services[(turn += 1) % services.length]!.api;

  beforeAll(async () => {
    for (const _ of range(2)) {
      services.push(await ServiceProcess.start({ DATABASE_URL: database.url }));
    }
  });

  afterAll(() => Promise.all(services.map((service) => service.stop())));

  /** Nearly sold-out stalls, seats, and holds that are about to be confirmed. */
  async function busyEvent() {
    const { body } = await api().post<{ id: string; sections: [Section, Section] }>('/v1/events', {
      name: 'Festival',
      sections: [
        { name: 'Stalls', capacity: STALLS },
        { name: 'Boxes', seats: { rows: ['A', 'B', 'C', 'D'], perRow: 50 } },
      ],
    });
    const eventId = body.id;
    const [stalls, boxes] = body.sections.map(({ id }) => ({ sectionId: id }));
    for (const nth of range(PARTIES)) {
      const { status } = await api().book(eventId, `party-${nth}`, { ...stalls, quantity: PARTY });
      expect(status).toBe(201);
    }
    const holds = await Promise.all(
      range(HOLDS).map((nth) => {
        const identifier = `holder-${nth}`;
        return api().post('/v1/holds', { eventId, identifier, quantity: 1, ...boxes });
      }),
    );
    return { eventId, places: [stalls!, boxes!] as const, holds: holds.map((one) => one.body.id) };
  }

  /** Returns when the event was first seen as cancelled, over a connection of its own. */
  async function seenCancelled(eventId: string): Promise<number> {
    for (const startedAt = performance.now(); ;) {
      const [event] = await database.query<{ status: string }>(
        'SELECT status FROM events WHERE id = ?',
        [eventId],
      );
      if (event!.status === 'CANCELLED') return performance.now();
      if (performance.now() - startedAt > 10_000) throw new Error('The event was never cancelled');
    }
  }

  it('sells no place once the event is cancelled, and ends everything', async () => {
    const { eventId, places, holds } = await busyEvent();
    const isGiven = ({ what, answer: { status } }: Attempt) => what !== 'cancel' && status === 201;
    const attempts: Attempt[] = [];
    let isOver = false;
    const attempt = async (what: Attempt['what'], send: () => Promise<Answer>) => {
      const sentAt = performance.now();
      const answer = await send();
      attempts.push({ what, sentAt, answer });
      return answer;
    };
    const client = async (nth: number): Promise<void> => {
      for (let visit = 0; !isOver; visit += 1) {
        const person = { eventId, identifier: `client-${nth}-${visit}`, ...places[visit % 2]! };
        await attempt('book', () => api().post('/book', person));
        if (visit % 3 === 0) await attempt('cancel', () => api().post('/cancel', person));
        if (visit % 3 === 1)
          await attempt('hold', () => api().post('/v1/holds', { ...person, quantity: 1 }));
      }
    };
    /** Confirms the holds one by one, before and after the cancellation. */
    const holders = async (): Promise<void> => {
      for (const id of holds) {
        await attempt('confirm', () => api().post(`/v1/holds/${id}/confirm`));
        await sleep(STORM_MS / HOLDS);
      }
    };
    const storm = Promise.all([...range(CLIENTS).map(client), holders()]);
    const enough = (is: (one: Attempt) => boolean) => () => attempts.filter(is).length > ENOUGH;
    await eventually('places sold before the cancellation', enough(isGiven));
    await sleep(STORM_MS / 2);
    const seen = seenCancelled(eventId);
    const calledOff = await Promise.all(
      services.map((service) => service.api.post(`/v1/events/${eventId}/cancel`)),
    );
    const answeredAt = performance.now();
    const cancelledAt = await seen;
    const isLate = ({ sentAt }: Attempt) => sentAt > cancelledAt;
    await sleep(STORM_MS);
    await eventually('requests after the cancellation', enough(isLate));
    isOver = true;
    await storm;

    expect(calledOff.map(({ status }) => status)).toEqual([200, 200]);
    const count = (is: (one: Attempt) => boolean) => attempts.filter(is).length;
    process.stdout.write(
      `\n${JSON.stringify({
        attempts: attempts.length,
        given: count(isGiven),
        late: count(isLate),
        lateConfirms: count((one) => isLate(one) && one.what === 'confirm'),
        completionMs: Math.round(answeredAt - cancelledAt),
        notOnSale: count(({ answer }) => answer.body?.code === 'event_not_on_sale'),
        released: count(({ answer }) => answer.body?.code === 'hold_released'),
      })}\n`,
    );
    expect(attempts.filter(({ answer }) => answer.status >= 500)).toEqual([]);
    expect(count((one) => isGiven(one) && !isLate(one))).toBeGreaterThan(ENOUGH);
    expect(count(isLate)).toBeGreaterThan(ENOUGH);
    expect(attempts.filter((one) => isLate(one) && isGiven(one))).toEqual([]);

    const isVoided = async (): Promise<boolean> => {
      const [event] = await database.query<{ ending: number }>(
        'SELECT is_ending AS ending FROM events WHERE id = ?',
        [eventId],
      );
      return event!.ending === 0;
    };
    await eventually('the end of all bookings, holds and waitlist entries', isVoided, 20_000);
    const { body } = await api().status(eventId);
    expect(body).toMatchObject({
      status: 'CANCELLED',
      bookedTickets: 0,
      heldTickets: 0,
      waitingListCount: 0,
      bookingCount: 0,
      availableTickets: STALLS + 200,
    });
    const left = await database.query(
      `SELECT 'booking' AS what FROM bookings WHERE event_id = ? AND status <> 'CANCELLED'
       UNION ALL SELECT 'ticket' FROM tickets WHERE event_id = ? AND status <> 'CANCELLED'
       UNION ALL SELECT 'hold' FROM holds WHERE event_id = ? AND status = 'HELD'
       UNION ALL SELECT 'entry' FROM waitlist_entries
         WHERE event_id = ? AND status IN ('WAITING', 'OFFERED')
       UNION ALL SELECT 'seat' FROM seats WHERE event_id = ? AND status <> 'AVAILABLE'`,
      range(5).map(() => eventId),
    );
    expect(left).toEqual([]);
    await assertInvariants(database.url);
    for (const service of services) await service.api.audit(eventId);
  });
});
