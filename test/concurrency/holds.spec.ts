import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../faults/support/random.js';
import {
  type Answer,
  type Api,
  assertInvariants,
  countsOf,
  openSeated,
  ServiceProcess,
  useDatabase,
} from '../kit/index.js';
import { eventually } from '../kit/transactions.js';

const INSTANCES = 2;
/** Events that are sold out by holds, one after the other, so that rounds overlap in time. */
const ROUNDS = 12;
const ROUND_EVERY_MS = 250;
const HOLDS = 12;
const PLACES_EACH = 2;
const CAPACITY = HOLDS * PLACES_EACH;
const NEWCOMERS = 10;
/** So long that all of a round are held before the first is over, on a busy machine too. */
const TTL_SECONDS = 2;
/** Before and after the moment in which a hold is over. */
const AROUND_MS = 100;
/** One in four comes that much earlier, so that some are in time on a busy machine too. */
const EARLY_MS = 800;
/** Two sweeps of the slower sweeper, and something for a busy machine. */
const SWEPT_MS_MAX = 10_000;

/** What is sent when a hold is about to be over; whoever sends twice uses two instances. */
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

/** One attempt to end a hold. */
interface Attempt {
  readonly kind: 'confirm' | 'release';
  readonly holdId: string;
  /** By the clock of this machine, which is that of the instances: sent when the hold was over. */
  readonly wasLate: boolean;
  /** Answered before the hold was over. */
  readonly wasInTime: boolean;
  readonly answer: Answer<EndBody>;
}

interface Round {
  readonly held: readonly Answer<HeldBody>[];
  /** What those came to who booked when the holds were about to be over. */
  readonly late: readonly Answer[];
  readonly attempts: readonly Attempt[];
}

const endsOf = (nth: number): readonly Attempt['kind'][] => ENDS[nth % ENDS.length]!;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const groupOf = <Item extends { readonly holdId: string }>(items: readonly Item[], id: string) =>
  items.filter(({ holdId }) => holdId === id);

describe(`holds at the moment in which they are over, on ${INSTANCES} instances`, () => {
  const database = useDatabase();
  const services: ServiceProcess[] = [];
  const random = Random.announced('holds');
  let turn = 0;

  /** The instances in turn, as behind a load balancer. */
  const api = (): Api => services[(turn += 1) % services.length]!.api;

  beforeAll(async () => {
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

  /** Books, or joins the line, when the holds are about to be over. */
  async function comeLate(eventId: string, who: string, at: number): Promise<Answer> {
    await sleep(at - Date.now() + (2 * random.next() - 1) * AROUND_MS);
    return api().book(eventId, who);
  }

  /** All places are held; then everybody comes at once. What nobody ends is over a second later. */
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

  /** The first that ended a hold did; the others were told how it had ended. */
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

  /** How each hold ended: as the answers say, as its row says, and as was told, once. */
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

  /** What was told of holds, in the order in which it happened. */
  async function messages(): Promise<{ type: string; holdId: string }[]> {
    const rows = await database.query<{ type: string; payload: string }>(
      `SELECT type, payload FROM outbox_messages WHERE type LIKE 'hold.%'
        ORDER BY section_id, sequence`,
    );
    return rows.map(({ type, payload }) => {
      return { type, holdId: (JSON.parse(payload) as { holdId: string }).holdId };
    });
  }

  /** What was confirmed is booked, all of it, and nothing else of a hold is. */
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

  it('each ends exactly once, in whichever way', async () => {
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
    await eventually('the sweepers have ended what is left', nobodyHolds, SWEPT_MS_MAX);
    const ends = await expectEndedOnce(attempts);
    // It was a race: each of them won sometimes.
    for (const end of ['CONFIRMED', 'RELEASED', 'EXPIRED']) expect(ends[end]).toBeGreaterThan(0);
    await expectBooked(attempts);
    await assertInvariants(database.url);
    for (const eventId of events) await api().audit(eventId);
    process.stdout.write(`\n${ROUNDS * HOLDS} holds: ${JSON.stringify(ends)}\n`);
  });

  it('100 callers who want to hold the same seats, and confirm them twice', async () => {
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

  it('write nothing about it into the log', () => {
    for (const service of services) expect(service.output).not.toMatch(/"level":[456]0/);
  });
});
