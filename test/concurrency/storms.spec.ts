import {
  type Answer,
  assertInvariants,
  connectTo,
  Scoreboard,
  ServiceProcess,
  tally,
  useDatabase,
} from '../kit/index.js';
import { intensity } from '../setup/intensity.js';

/** Repeats of the largest storm; `ROUNDS=50 npm run test:concurrency` for a long run. */
const ROUNDS = intensity('ROUNDS');
const WAITING = intensity('STORM_WAITING');
/** Connections that look at a section during a storm: one alone sees too few moments on a slow machine. */
const WATCHERS = 4;

const people = (count: number, name = 'person'): string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index}@example.org`);

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe.each([
  { instances: 1, lanes: 4 },
  { instances: 2, lanes: 4 },
  // One lane for all events: its batches contain several sections, which must not mix.
  { instances: 1, lanes: 1 },
])('storms on $instances instance(s) with $lanes lane(s)', ({ instances, lanes }) => {
  const database = useDatabase();
  const services: ServiceProcess[] = [];
  const scoreboard = new Scoreboard();
  let turn = 0;

  /** The instances in turn, as behind a load balancer. */
  const api = () => services[(turn += 1) % services.length]!.api;

  /** Sends all requests at once, counts the answers and checks the database. */
  async function storm(
    name: string,
    eventId: string,
    requests: readonly (() => Promise<Answer>)[],
  ): Promise<Answer[]> {
    const start = performance.now();
    const answers = await Promise.all(requests.map((send) => send()));
    const seconds = (performance.now() - start) / 1000;
    const { body } = await api().status(eventId);
    const oversold = Math.max(0, body.bookedTickets - body.totalTickets);
    scoreboard.add({ name, ...tally(answers), oversold, seconds });
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect(oversold).toBe(0);
    await assertInvariants(database.url);
    return answers;
  }

  beforeAll(async () => {
    for (let started = 0; started < instances; started += 1) {
      const settings = { DATABASE_URL: database.url, LANES: String(lanes) };
      services.push(await ServiceProcess.start(settings));
    }
  });

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop()));
    process.stdout.write(`\n${instances} instance(s), ${lanes} lane(s), ${ROUNDS} round(s)`);
    scoreboard.print();
  });

  it.each(range(ROUNDS))('sell 100 places to 300 callers, round %i', async (round) => {
    const eventId = await api().open(100);
    const answers = await storm(
      `300 callers on 100 tickets #${round}`,
      eventId,
      people(300).map((who) => () => api().book(eventId, who)),
    );
    const { booked, waitlisted } = tally(answers);
    expect({ booked, waitlisted }).toEqual({ booked: 100, waitlisted: 200 });
    const positions = answers.flatMap(({ body }) => body.waitingEntry?.position ?? []);
    expect(positions.sort((a, b) => a - b)).toEqual(range(200));
  });

  it('keep an event sold out while bookings and cancels race', async () => {
    const eventId = await api().open(50);
    const holders = people(50, 'holder');
    for (const who of holders) await api().book(eventId, who);
    await storm(
      '50 cancels against 150 bookings',
      eventId,
      people(150, 'newcomer').flatMap((who, index) => {
        const cancel = () => api().cancel(eventId, holders[index / 3]!);
        const book = () => api().book(eventId, who);
        return index % 3 === 0 ? [cancel, book] : [book];
      }),
    );
    const { body } = await api().status(eventId);
    expect(body).toMatchObject({ bookedTickets: 50, availableTickets: 0, waitingListCount: 100 });
  });

  it('do not oversell an odd number of places to bookings of several', async () => {
    const eventId = await api().open(101);
    await storm(
      '80 callers want 1 to 4 of 101',
      eventId,
      people(80).map((who, index) => () => api().book(eventId, who, { quantity: (index % 4) + 1 })),
    );
  });

  it('accept one of ten identical cancels', async () => {
    const eventId = await api().open(5);
    await api().book(eventId, 'ann');
    await api().book(eventId, 'bob', { quantity: 4 });
    const answers = await storm(
      'ten identical cancels',
      eventId,
      range(10).map(() => () => api().cancel(eventId, 'ann')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'booking_not_found')).toHaveLength(9);
    expect((await api().status(eventId)).body).toMatchObject({ bookedTickets: 4 });
  });

  it('create one user for ten concurrent bookings of one person', async () => {
    const eventId = await api().open(10);
    const who = `new-${instances}@example.org`;
    const answers = await storm(
      'one newcomer books ten times',
      eventId,
      range(10).map(() => () => api().book(eventId, who)),
    );
    const users = new Set(answers.flatMap(({ body }) => body.tickets.map(({ userId }) => userId)));
    expect(users.size).toBe(1);
    expect((await api().status(eventId)).body).toMatchObject({ bookedTickets: 10 });
  });

  it('create one waitlist entry for a person who joins ten times at once', async () => {
    const eventId = await api().open(1);
    await api().book(eventId, 'ann');
    const answers = await storm(
      'one person joins ten times',
      eventId,
      range(10).map(() => () => api().book(eventId, 'bob')),
    );
    expect(tally(answers)).toMatchObject({ waitlisted: 1, refused: 9 });
    expect(answers.filter(({ body }) => body.code === 'already_waiting')).toHaveLength(9);
  });

  it('create one user for concurrent bookings of one person at ten events', async () => {
    const events = await Promise.all(range(10).map(() => api().open(1)));
    const who = `everywhere-${instances}@example.org`;
    const answers = await storm(
      'one newcomer at ten events',
      events[0]!,
      events.map((eventId) => () => api().book(eventId, who)),
    );
    const users = new Set(answers.map(({ body }) => body.tickets[0]!.userId));
    expect(users.size).toBe(1);
  });

  it('promote in the order of the waitlist while places are freed at once', async () => {
    const eventId = await api().open(20);
    const holders = people(20, 'holder');
    for (const who of holders) await api().book(eventId, who);
    const waiting: string[] = [];
    for (const who of people(30, 'waiting')) {
      waiting.push((await api().book(eventId, who)).body.waitingEntry.id);
    }
    await storm(
      '20 cancels at once, 30 waiting',
      eventId,
      holders.map((who) => () => api().cancel(eventId, who)),
    );
    const promoted = await database.query<{ id: string }>(
      `SELECT waitlist_entry_id AS id FROM bookings
        WHERE event_id = ? AND waitlist_entry_id IS NOT NULL`,
      [eventId],
    );
    expect(promoted.map(({ id }) => id).sort()).toEqual(waiting.slice(0, 20).sort());
  });

  it('show no moment at which a place is free while someone waits', async () => {
    const eventId = await api().open(WAITING);
    const holders = people(WAITING / 10, 'holder');
    for (const who of holders) await api().book(eventId, who, { quantity: 10 });
    await Promise.all(people(WAITING, 'waiting').map((who) => api().book(eventId, who)));
    let looks = 0;
    let isOver = false;
    const watch = async (): Promise<void> => {
      const connection = await connectTo(database.url);
      try {
        while (!isOver) {
          const [rows] = await connection.query(
            'SELECT available, waiting FROM sections WHERE event_id = ?',
            [eventId],
          );
          const [section] = rows as [{ readonly available: number; readonly waiting: number }];
          looks += 1;
          if (section.waiting > 0) expect(section.available).toBe(0);
        }
      } finally {
        await connection.end();
      }
    };
    const watching = Promise.all(range(WATCHERS).map(watch));
    const answers = await storm(
      `${WAITING} cancels, ${WAITING} waiting`,
      eventId,
      range(10).flatMap(() => holders.map((who) => () => api().cancel(eventId, who))),
    ).finally(() => (isOver = true));
    await watching;
    expect(tally(answers)).toMatchObject({ cancelled: WAITING });
    expect(looks).toBeGreaterThan(WAITING / 10);
    const { body } = await api().status(eventId);
    expect(body).toMatchObject({ bookedTickets: WAITING, waitingListCount: 0 });
  });
});
