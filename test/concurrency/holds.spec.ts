import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../faults/support/random.js';
import {
  type Answer,
  type Api,
  assertInvariants,
  countsOf,
  openSeated,
  readOutbox,
  ServiceProcess,
  useDatabase,
} from '../kit/index.js';
import { eventually } from '../kit/eventually.js';

const INSTANCES = 2;
/** Events sold out by holds, started one after the other so that rounds overlap in time. */
const ROUNDS = 12;
const ROUND_EVERY_MS = 250;
const HOLDS = 12;
const PLACES_EACH = 2;
const CAPACITY = HOLDS * PLACES_EACH;
const NEWCOMERS = 10;
/** Long enough that all holds of a round exist before the first expires, even on a busy machine. */
const TTL_SECONDS = 2;
/** Requests come within this time before or after a hold expires. */
const AROUND_MS = 100;
/** One request in four comes this much earlier, so that some are in time on a busy machine. */
const EARLY_MS = 800;
/** Two sweeps of the slower sweeper, plus some time for a busy machine. */
const SWEPT_MS_MAX = 10_000;

/** Requests about a hold as it is about to expire; two of them go to both instances. */
const ENDS: readonly (readonly Attempt['kind'][])[] = [
  ['confirm'],
  ['release'],
  ['confirm', 'confirm'],
  ['confirm', 'release'],
  [],
];

interface HeldBody {
  readonly code?: string;
  readonly id: string;
  readonly expiresAt: string;
}

interface EndBody {
  readonly code?: string;
  readonly booking?: { readonly id: string; readonly holdId: string; readonly quantity: number };
}

/** One request to end a hold. */
interface Attempt {
  readonly kind: 'confirm' | 'release';
  readonly holdId: string;
  /** Sent after the hold expired, by this machine's clock, which the instances share. */
  readonly wasLate: boolean;
  /** Answered before the hold expired. */
  readonly wasInTime: boolean;
  readonly answer: Answer<EndBody>;
}

interface Round {
  readonly held: readonly Answer<HeldBody>[];
  /** The answers to bookings around the time the holds expire. */
  readonly late: readonly Answer[];
  readonly attempts: readonly Attempt[];
}

const endsOf = (nth: number): readonly Attempt['kind'][] => ENDS[nth % ENDS.length]!;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const groupOf = <Item extends { readonly holdId: string }>(items: readonly Item[], id: string) =>
  items.filter(({ holdId }) => holdId === id);

describe(`holds at the moment they expire, on ${INSTANCES} instances`, () => {
  const database = useDatabase();
  const services: ServiceProcess[] = [];
  let random: Random;
  let turn = 0;

  /** The instances in turn, as behind a load balancer. */
  const api = (): Api => services[(turn += 1) % services.length]!.api;

  beforeAll(async () => {
    random = Random.announced('holds');
    for (let started = 0; started < INSTANCES; started += 1) {
      services.push(await ServiceProcess.start({ DATABASE_URL: database.url }));
    }
  });
  afterAll(() => Promise.all(services.map((service) => service.stop())));

  const hold = (eventId: string, identifier: string, more: object = {}) => {
    return api().post<HeldBody>('/v1/holds', { eventId, identifier, ...more });
  };

  const send = (kind: Attempt['kind'], id: string): Promise<Answer<EndBody>> =>
    kind === 'confirm' ? api().post(`/v1/holds/${id}/confirm`) : api().delete(`/v1/holds/${id}`);

  async function attempt(kind: Attempt['kind'], { id, expiresAt }: HeldBody): Promise<Attempt> {
    const at = Date.parse(expiresAt);
    const early = random.next() < 0.25 ? EARLY_MS : 0;
    await sleep(at - early - Date.now() + (2 * random.next() - 1) * AROUND_MS);
    const wasLate = Date.now() > at;
    const answer = await send(kind, id);
    return { kind, holdId: id, wasLate, wasInTime: Date.now() < at, answer };
  }

  /** Books, or joins the waitlist, around the time the holds expire. */
  async function comeLate(eventId: string, who: string, at: number): Promise<Answer> {
    await sleep(at - Date.now() + (2 * random.next() - 1) * AROUND_MS);
    return api().book(eventId, who);
  }

  /** Holds all places, then sends everything at once. Holds that nobody ends expire 1 s later. */
  async function playRound(eventId: string): Promise<Round> {
    const held = await Promise.all(
      range(HOLDS).map((nth) => {
        const ttlSeconds = endsOf(nth).length > 0 ? TTL_SECONDS : TTL_SECONDS + 1;
        return hold(eventId, `holder-${nth}`, { quantity: PLACES_EACH, ttlSeconds });
      }),
    );
    const at = Date.parse(held[0]!.body.expiresAt);
    const late = range(NEWCOMERS).map((nth) => comeLate(eventId, `late-${nth}`, at));
    const attempts = held.flatMap(({ body }, nth) =>
      endsOf(nth).map((kind) => attempt(kind, body)),
    );
    return { held, late: await Promise.all(late), attempts: await Promise.all(attempts) };
  }

  /** The first request to end a hold succeeds; the others learn how it ended. */
  function expectAnswers(attempts: readonly Attempt[]): void {
    const told = {
      confirm: ['201', '409 hold_confirmed', '409 hold_expired', '409 hold_released'],
      release: ['204', '404 hold_not_found', '409 hold_confirmed'],
    };
    for (const { kind, holdId, wasLate, wasInTime, answer } of attempts) {
      expect(told[kind]).toContain(Object.keys(countsOf([answer]))[0]);
      if (wasLate) expect(answer.status).toBeGreaterThanOrEqual(400);
      const isAlone = groupOf(attempts, holdId).length === 1;
      if (wasInTime && isAlone) expect(answer.status).toBeLessThan(300);
    }
  }

  /** Each hold ended once; the answers, its row and its messages agree on how. */
  async function expectEndedOnce(attempts: readonly Attempt[]): Promise<Record<string, number>> {
    const rows = await database.query<{ id: string; status: string }>(
      'SELECT id, status FROM holds',
    );
    const told = await messages();
    const ends: Record<string, number> = {};
    for (const { id, status } of rows) {
      const done = groupOf(attempts, id).filter(({ answer }) => answer.status < 300);
      const answered = done.map(({ kind }) => (kind === 'confirm' ? 'CONFIRMED' : 'RELEASED'));
      expect(answered).toEqual(status === 'EXPIRED' ? [] : [status]);
      const types = groupOf(told, id).map(({ type }) => type);
      expect(types).toEqual(['hold.created', `hold.${status.toLowerCase()}`]);
      ends[status] = (ends[status] ?? 0) + 1;
    }
    return ends;
  }

  /** The messages about holds, in the order in which they happened. */
  async function messages(): Promise<{ type: string; holdId: string }[]> {
    const all = await readOutbox(database);
    const ofHolds = all.filter(({ type }) => type.startsWith('hold.'));
    return ofHolds.map(({ type, payload }) => ({ type, holdId: payload['holdId'] as string }));
  }

  /** Confirmed holds are booked in full, and no other holds are. */
  async function expectBooked(attempts: readonly Attempt[]): Promise<void> {
    const confirmed = attempts.flatMap(({ answer }) => answer.body?.booking ?? []);
    const rows = await database.query(
      `SELECT booking.id, booking.hold_id AS holdId, COUNT(ticket.id) AS quantity
         FROM bookings booking JOIN tickets ticket ON ticket.booking_id = booking.id
        WHERE booking.hold_id IS NOT NULL AND ticket.status = 'BOOKED'
        GROUP BY booking.id, booking.hold_id ORDER BY booking.id`,
    );
    const told = confirmed.map(({ id, holdId, quantity }) => ({ id, holdId, quantity }));
    expect(rows).toEqual(told.sort((a, b) => (a.id < b.id ? -1 : 1)));
    for (const { quantity } of told) expect(quantity).toBe(PLACES_EACH);
  }

  const nobodyHolds = async (): Promise<boolean> => {
    const [row] = await database.query<{ held: number }>(
      "SELECT COUNT(*) AS held FROM holds WHERE status = 'HELD'",
    );
    return row!.held === 0;
  };

  const open = async (isSeated: boolean): Promise<string> => {
    if (!isSeated) return api().open(CAPACITY);
    const house = await openSeated(api().baseUrl, { rows: 2, perRow: CAPACITY / 2 });
    return house.eventId;
  };

  it('end exactly once, by confirmation, release or expiry', async () => {
    const events: string[] = [];
    for (const nth of range(ROUNDS)) events.push(await open(nth % 2 === 0));
    const rounds = events.map(async (eventId, nth) => {
      await sleep(nth * ROUND_EVERY_MS);
      return playRound(eventId);
    });
    const played = await Promise.all(rounds);
    const attempts = played.flatMap((round) => round.attempts);
    expect(countsOf(played.flatMap(({ held }) => held))).toEqual({ '201': ROUNDS * HOLDS });
    expect(countsOf(played.flatMap(({ late }) => late))).toEqual({ '201': ROUNDS * NEWCOMERS });
    expectAnswers(attempts);
    await eventually('the end of all holds', nobodyHolds, SWEPT_MS_MAX);
    const ends = await expectEndedOnce(attempts);
    // It was a race: each kind of end won sometimes.
    for (const end of ['CONFIRMED', 'RELEASED', 'EXPIRED']) expect(ends[end]).toBeGreaterThan(0);
    await expectBooked(attempts);
    await assertInvariants(database.url);
    for (const eventId of events) await api().audit(eventId);
    process.stdout.write(`\n${ROUNDS * HOLDS} holds: ${JSON.stringify(ends)}\n`);
  });

  it('go to 1 of 100 callers who want the same seats, and are confirmed once', async () => {
    const { eventId, seatIds } = await openSeated(api().baseUrl, { rows: 1, perRow: 10 });
    const wish = { seatIds: seatIds.slice(0, 5), ttlSeconds: 600 };
    const answers = await Promise.all(
      range(100).map((nth) => hold(eventId, `caller-${nth}`, wish)),
    );
    expect(countsOf(answers)).toEqual({ '201': 1, '409 seat_taken': 99 });
    const { id } = answers.find(({ status }) => status === 201)!.body;
    const confirmed = await Promise.all(range(10).map(() => send('confirm', id)));
    expect(countsOf(confirmed)).toEqual({ '201': 1, '409 hold_confirmed': 9 });
    const { body } = await api().status(eventId);
    expect(body).toMatchObject({ bookedTickets: 5, availableTickets: 5 });
    await assertInvariants(database.url);
    await api().audit(eventId);
  });

  it('without warnings or errors in the log', () => {
    for (const service of services) expect(service.output).not.toMatch(/"level":[456]0/);
  });
});
