import {
  type Answer,
  type Api,
  assertInvariants,
  ServiceProcess,
  tally,
  useDatabase,
} from '../kit/index.js';
import { intensity } from '../setup/intensity.js';

const PLACES = 40;
const CLIENTS = 24;
const VISITS = intensity('STORM_VISITS');
const ORGANISERS = 2;
const EDITS = intensity('STORM_EDITS');

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

interface Seen {
  readonly capacity: number;
  readonly booked: number;
  readonly held: number;
  readonly available: number;
  readonly waiting: number;
}

interface EventBody {
  readonly code: string;
  readonly totalTickets: number;
  readonly availableTickets: number;
  readonly name: string;
}

describe('capacity that changes during bookings, on two instances', () => {
  const database = useDatabase();
  const services: ServiceProcess[] = [];
  let turn = 0;

  const api = (): Api => services[(turn += 1) % services.length]!.api;

  const patch = (eventId: string, body: object, ifMatch?: string): Promise<Answer<EventBody>> => {
    const headers = ifMatch === undefined ? {} : { 'If-Match': ifMatch };
    return api().patch<EventBody>(`/v1/events/${eventId}`, body, headers);
  };

  const read = async (eventId: string): Promise<{ etag: string; body: EventBody }> => {
    const { headers, body } = await api().get<EventBody>(`/v1/events/${eventId}`);
    return { etag: headers['etag']!, body };
  };

  async function expectKept(eventId: string): Promise<void> {
    await assertInvariants(database.url);
    for (const service of services) await service.api.audit(eventId);
  }

  /** Reads the section on its own connection until the work ends; all requests want one place. */
  async function watched(eventId: string, work: Promise<unknown>): Promise<Seen[]> {
    let isOver = false;
    const ended = work.finally(() => (isOver = true));
    const looks: Seen[] = [];
    while (!isOver) {
      const [seen] = await database.query<Seen>(
        'SELECT capacity, booked, held, available, waiting FROM sections WHERE event_id = ?',
        [eventId],
      );
      looks.push(seen!);
    }
    await ended;
    return looks;
  }

  beforeAll(async () => {
    for (const _ of range(2)) {
      services.push(await ServiceProcess.start({ DATABASE_URL: database.url }));
    }
  });

  afterAll(() => Promise.all(services.map((service) => service.stop())));

  it('never oversells, leaves no place free while someone waits, and loses no edit', async () => {
    const eventId = await api().open(PLACES);
    const answers: Answer[] = [];
    const client = async (nth: number): Promise<void> => {
      for (const visit of range(VISITS)) {
        const who = `client-${nth}-${visit}`;
        answers.push(await api().book(eventId, who));
        // One booking in three stays, so that the section fills up and a waitlist forms.
        if (visit % 3 > 0) answers.push(await api().cancel(eventId, who));
      }
    };
    const changes = { raised: 0, lowered: 0, sum: 0, overtaken: 0, belowSold: 0 };
    /** Removes all free places, which may be taken by then, and adds places if none are free. */
    const organiser = async (): Promise<void> => {
      for (const _ of range(EDITS)) {
        const { etag, body } = await read(eventId);
        // An event needs at least one place, even before anyone has booked.
        const free = Math.min(body.availableTickets, body.totalTickets - 1);
        const by = free > 0 ? -free : 8;
        const totalTickets = body.totalTickets + by;
        const { status, body: problem } = await patch(eventId, { totalTickets }, etag);
        expect([200, 409, 412]).toContain(status);
        if (status === 200) changes[by > 0 ? 'raised' : 'lowered'] += 1;
        if (status === 200) changes.sum += by;
        if (status === 412) changes.overtaken += 1;
        if (status === 409) changes.belowSold += 1;
        if (status === 409) expect(problem.code).toBe('capacity_below_sold');
      }
    };
    const work = Promise.all([...range(CLIENTS).map(client), ...range(ORGANISERS).map(organiser)]);
    const looks = await watched(eventId, work);
    for (const seen of looks) {
      expect(seen.booked + seen.held + seen.available).toBe(seen.capacity);
      if (seen.waiting > 0) expect(seen.available).toBe(0);
    }
    const told = tally(answers);
    const capacities = new Set(looks.map(({ capacity }) => capacity)).size;
    process.stdout.write(
      `\n${JSON.stringify({ ...changes, ...told, looks: looks.length, capacities })}\n`,
    );
    expect(told.failed).toBe(0);
    expect(capacities).toBeGreaterThan(10);
    expect(changes.raised).toBeGreaterThan(5);
    expect(changes.lowered).toBeGreaterThan(0);
    expect(changes.overtaken).toBeGreaterThan(0);
    expect(changes.belowSold).toBeGreaterThan(0);
    expect(looks.some(({ waiting }) => waiting > 0)).toBe(true);
    const { body } = await api().status(eventId);
    expect(body.totalTickets).toBe(PLACES + changes.sum);
    await expectKept(eventId);
  });

  it('applies exactly one of ten concurrent edits of the same version', async () => {
    const eventId = await api().open(PLACES);
    for (const round of range(10)) {
      const { etag } = await read(eventId);
      const answers = await Promise.all(
        range(10).map((nth) => {
          const totalTickets = PLACES + 10 * round + nth;
          return patch(eventId, { name: `Round ${round}, edit ${nth}`, totalTickets }, etag);
        }),
      );
      const won = answers.filter(({ status }) => status === 200);
      const late = answers.filter(({ body }) => body.code === 'precondition_failed');
      expect([won.length, late.length]).toEqual([1, 9]);
      const { body, etag: now } = await read(eventId);
      expect(now).toBe(won[0]!.headers['etag']);
      expect(body).toEqual(won[0]!.body);
    }
    await expectKept(eventId);
  });

  describe('a capacity raise that takes many steps, and another edit meanwhile', () => {
    const GROUP = 400;
    const GROUPS = 46;
    const RAISED = GROUP + GROUPS * GROUP;

    it.each([
      ['a lower capacity', 3 * GROUP],
      ['a capacity in between', RAISED - 6_000],
      ['a higher capacity', RAISED + 1_000],
    ])('ends with the capacity of the later edit: %s', async (_, other) => {
      const eventId = await api().open(GROUP);
      for (const nth of range(GROUPS + 1)) {
        const { status } = await api().book(eventId, `group-${nth}`, { quantity: GROUP });
        expect(status).toBe(201);
      }
      const [raised, corrected] = await Promise.all([
        patch(eventId, { name: 'Raised', totalTickets: RAISED }),
        patch(eventId, { name: 'Corrected', totalTickets: other }),
      ]);
      expect(raised.status).toBe(200);
      // Either too late for so few places, or in time.
      if (corrected.status !== 200) expect(corrected.body.code).toBe('capacity_below_sold');
      const { body } = await read(eventId);
      expect(body.totalTickets).toBe(body.name === 'Corrected' ? other : RAISED);
      await expectKept(eventId);
    });
  });
});
