import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  type Api,
  assertInvariants,
  countsOf,
  readOutbox,
  ServiceProcess,
  useDatabase,
} from '../kit/index.js';
import { eventually } from '../kit/eventually.js';
import { intensity } from '../setup/intensity.js';

const INSTANCES = 2;
const TTL_SECONDS = 1;
/** Places offered at the same time, to people who do not answer. */
const PLACES = 5;
const SILENT = intensity('STORM_SILENT');
/** An offer, the delay of a slow sweeper, and some time for a busy machine. */
const ROUND_MS_MAX = 2_500;
/** How often a person checks for an offer. */
const LOOK_EVERY_MS = 100;

interface Entry {
  readonly id: string;
  readonly status: string;
  readonly quantity: number;
  readonly position: number | null;
  readonly offer: { readonly holdId: string; readonly expiresAt: string } | null;
}

interface EndBody {
  readonly code?: string;
  readonly booking?: { readonly id: string; readonly quantity: number };
  readonly waitingEntry?: Entry;
}

/** What a person does with an offer; two requests go to both instances. */
const ANSWERS: readonly (readonly ('accept' | 'decline' | 'leave')[])[] = [
  ['accept'],
  ['decline'],
  ['leave'],
  [],
  ['accept', 'accept'],
  ['accept', 'decline'],
  ['leave', 'accept'],
];

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe(`offers on ${INSTANCES} instances`, () => {
  const database = useDatabase();
  const services: ServiceProcess[] = [];
  let turn = 0;

  /** The instances in turn, as behind a load balancer. */
  const api = (): Api => services[(turn += 1) % services.length]!.api;

  beforeAll(async () => {
    for (let started = 0; started < INSTANCES; started += 1) {
      services.push(await ServiceProcess.start({ DATABASE_URL: database.url }));
    }
  });
  afterAll(() => Promise.all(services.map((service) => service.stop())));

  /** An event sold out to one person, with others waiting; returns their entries in order. */
  async function openFull(
    totalTickets: number,
    quantities: readonly number[],
    offerTtlSeconds = TTL_SECONDS,
  ): Promise<{ eventId: string; ids: string[] }> {
    const waitlist = { mode: 'offer', offerTtlSeconds };
    const { body } = await api().post('/v1/events', { name: 'Gala', totalTickets, waitlist });
    const eventId = body.id;
    await api().book(eventId, 'holder', { quantity: totalTickets });
    const ids: string[] = [];
    for (const [nth, quantity] of quantities.entries()) {
      const joined = await api().book(eventId, `waiting-${nth}`, { quantity });
      ids.push(joined.body.waitingEntry.id);
    }
    return { eventId, ids };
  }

  const entryOf = async (id: string): Promise<Entry> =>
    (await api().get<Entry>(`/v1/waitlist/${id}`)).body;

  /** The entries in messages of one type, in order. */
  async function entriesIn(eventId: string, type: string): Promise<string[]> {
    const messages = await readOutbox(database, eventId);
    const ofType = messages.filter((message) => message.type === type);
    return ofType.map(({ payload }) => payload['entryId'] as string);
  }

  const isAtRest = async (eventId: string): Promise<boolean> => {
    const { body } = await api().get<{ heldTickets: number; waitingListCount: number }>(
      `/status/${eventId}`,
    );
    return body.heldTickets + body.waitingListCount === 0;
  };

  it('pass through everybody who does not answer, in order, once each', async () => {
    const { eventId, ids } = await openFull(
      PLACES,
      range(SILENT).map(() => 1),
    );
    await api().cancel(eventId, 'holder', { quantity: PLACES });
    const last = ids.at(-1)!;
    let offeredAtOnce = 0;
    let accepted: Answer<EndBody> | undefined;
    const look = async (): Promise<boolean> => {
      const { body } = await api().get<{ data: Entry[] }>(`/v1/waitlist?eventId=${eventId}`);
      const offered = body.data.filter(({ status }) => status === 'OFFERED');
      offeredAtOnce = Math.max(offeredAtOnce, offered.length);
      if (offered.some(({ id }) => id === last)) {
        accepted ??= await api().post<EndBody>(`/v1/waitlist/${last}/accept`);
      }
      await sleep(LOOK_EVERY_MS);
      return isAtRest(eventId);
    };
    const rounds = SILENT / PLACES;
    await eventually('an empty waitlist', look, rounds * ROUND_MS_MAX);
    expect(accepted).toMatchObject({ status: 201, body: { booking: { quantity: 1 } } });
    expect(offeredAtOnce).toBe(PLACES);
    expect(await entriesIn(eventId, 'waitlist.offered')).toEqual(ids);
    expect((await entriesIn(eventId, 'waitlist.offer_expired')).sort()).toEqual(
      ids.slice(0, -1).sort(),
    );
    expect(await entriesIn(eventId, 'waitlist.promoted')).toEqual([last]);
    const { body } = await api().status(eventId);
    expect(body).toMatchObject({ bookedTickets: 1, availableTickets: PLACES - 1 });
    await assertInvariants(database.url);
    await api().audit(eventId);
  });

  const send = (what: 'accept' | 'decline' | 'leave', id: string): Promise<Answer<EndBody>> =>
    what === 'leave'
      ? api().delete(`/v1/waitlist/${id}`)
      : api().post(`/v1/waitlist/${id}/${what}`);

  /** Waits for an offer and answers it, sometimes just before it expires. */
  async function live(id: string, nth: number) {
    for (;;) {
      const { status, offer } = await entryOf(id);
      if (status !== 'WAITING' && status !== 'OFFERED') return { id, done: [] };
      if (offer !== null) {
        const left = Date.parse(offer.expiresAt) - Date.now();
        if (nth % 3 === 0) await sleep(left + (nth % 9) * 5 - 20);
        const done = ANSWERS[nth % ANSWERS.length]!.map(async (what) => {
          return { what, answer: await send(what, id) };
        });
        return { id, done: await Promise.all(done) };
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  it('end exactly once while they are accepted, declined, left and ignored', async () => {
    const quantities = range(56).map((nth) => (nth % 2) + 1);
    // Enough places for everyone who may accept, offered a few at a time.
    const { eventId, ids } = await openFull(60, quantities, 3 * TTL_SECONDS);
    const lives = ids.map((id, nth) => live(id, nth));
    for (const _ of range(20)) {
      const { status } = await api().cancel(eventId, 'holder', { quantity: 3 });
      expect(status).toBe(200);
      await sleep(50);
    }
    const ends = await Promise.all(lives);
    await eventually('an empty waitlist', () => isAtRest(eventId), 10 * ROUND_MS_MAX);

    const answers = ends.flatMap(({ done }) => done.map(({ answer }) => answer));
    const counts = countsOf(answers);
    const expected = ['200', '201', '204', '404 entry_not_found', '409 offer_expired'];
    expect(expected).toEqual(expect.arrayContaining(Object.keys(counts)));
    for (const { id, done } of ends) {
      const successes = done.filter(({ answer }) => answer.status < 300).map(({ what }) => what);
      const { status } = await entryOf(id);
      const ended = { accept: 'PROMOTED', decline: 'DECLINED', leave: 'DECLINED' };
      expect(successes.map((what) => ended[what])).toEqual(status === 'EXPIRED' ? [] : [status]);
    }
    expect((await entriesIn(eventId, 'waitlist.offered')).sort()).toEqual([...ids].sort());
    const booked = answers.flatMap(({ body }) => body?.booking?.quantity ?? []);
    const { body } = await api().status(eventId);
    expect(body).toMatchObject({
      bookedTickets: booked.reduce((sum, quantity) => sum + quantity, 0),
      bookingCount: booked.length,
    });
    expect(booked.length).toBeGreaterThan(5);
    await assertInvariants(database.url);
    await api().audit(eventId);
    process.stdout.write(`\n${ids.length} offers: ${JSON.stringify(counts)}\n`);
  });

  it('without warnings or errors in the log', () => {
    for (const service of services) expect(service.output).not.toMatch(/"level":[456]0/);
  });
});
