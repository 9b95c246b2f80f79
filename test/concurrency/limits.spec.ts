import {
  type Answer,
  type Api,
  assertInvariants,
  countsOf,
  ServiceProcess,
  useDatabase,
} from '../kit/index.js';

const INSTANCES = 2;
const LIMIT = 4;
const REQUESTS = 20;
/** Storms of one kind: a race that is lost one time in three is seen. */
const ROUNDS = 5;

interface Event {
  readonly id: string;
  readonly sections: readonly { readonly id: string }[];
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe(`a limit of ${LIMIT} places a person, on ${INSTANCES} instances`, () => {
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

  /** Opens an event with sections of these capacities; answers its id and theirs. */
  async function open(...capacities: number[]): Promise<{ eventId: string; sectionIds: string[] }> {
    const sections = capacities.map((capacity, nth) => ({ name: `Section ${nth}`, capacity }));
    const event = { name: 'Gala', sections, limits: { maxPerPerson: LIMIT } };
    const { body } = await api().post<Event>('/v1/events', event);
    return { eventId: body.id, sectionIds: body.sections.map(({ id }) => id) };
  }

  /** Places of each person in the whole event, by what they are. */
  async function placesAt(eventId: string): Promise<Map<string, Record<string, number>>> {
    const rows = await database.query<{ who: string; kind: string; places: string }>(
      `SELECT user.identifier AS who, mine.kind, SUM(mine.quantity) AS places
         FROM (SELECT user_id, 'booked' AS kind, quantity FROM bookings WHERE event_id = ?
               UNION ALL
               SELECT user_id, 'held', quantity FROM holds WHERE event_id = ? AND status = 'HELD'
               UNION ALL
               SELECT user_id, 'waiting', quantity FROM waitlist_entries
                WHERE event_id = ? AND status = 'WAITING') mine
         JOIN users user ON user.id = mine.user_id
        GROUP BY user.identifier, mine.kind`,
      [eventId, eventId, eventId],
    );
    const people = new Map<string, Record<string, number>>();
    for (const { who, kind, places } of rows) {
      people.set(who, { ...people.get(who), [kind]: Number(places) });
    }
    return people;
  }

  const total = (places: Record<string, number> | undefined): number =>
    Object.values(places ?? {}).reduce((sum, one) => sum + one, 0);

  async function expectSound(eventId: string, answers: readonly Answer[]): Promise<void> {
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    await assertInvariants(database.url);
    await api().audit(eventId);
  }

  it.each(range(ROUNDS))('holds in one section, round %i', async () => {
    const { eventId } = await open(100);
    const answers = await Promise.all(range(REQUESTS).map(() => api().book(eventId, 'ann')));
    const refused = REQUESTS - LIMIT;
    expect(countsOf(answers)).toEqual({ '201': LIMIT, '409 limit_exceeded': refused });
    const { body } = await api().status(eventId);
    expect(body).toMatchObject({ bookedTickets: LIMIT, bookingCount: LIMIT });
    await expectSound(eventId, answers);
  });

  it.each(range(ROUNDS))('holds across the sections of an event, round %i', async () => {
    const { eventId, sectionIds } = await open(100, 100, 100, 100, 100);
    const answers = await Promise.all(
      range(REQUESTS).map((nth) => {
        return api().book(eventId, 'ann', { sectionId: sectionIds[nth % sectionIds.length] });
      }),
    );
    const refused = REQUESTS - LIMIT;
    expect(countsOf(answers)).toEqual({ '201': LIMIT, '409 limit_exceeded': refused });
    expect((await placesAt(eventId)).get('ann')).toEqual({ booked: LIMIT });
    await expectSound(eventId, answers);
  });

  it.each(range(ROUNDS))('counts what is booked, held and waited for, round %i', async () => {
    // The last section is full: who books there waits.
    const { eventId, sectionIds } = await open(100, 100, 1);
    await api().book(eventId, 'holder', { sectionId: sectionIds[2] });
    await api().book(eventId, 'ann', { sectionId: sectionIds[2] });
    const answers = await Promise.all(
      range(REQUESTS).map((nth) => {
        const sectionId = sectionIds[nth % 3]!;
        if (nth % 2 === 0) return api().book(eventId, 'ann', { sectionId });
        return api().post('/v1/holds', { eventId, sectionId, identifier: 'ann' });
      }),
    );
    expect(countsOf(answers)['201']).toBe(LIMIT - 1);
    const places = (await placesAt(eventId)).get('ann');
    expect({ waiting: places?.['waiting'], total: total(places) }).toEqual({
      waiting: 1,
      total: LIMIT,
    });
    await expectSound(eventId, answers);
  });

  it('holds for many people at once who book, hold, wait and cancel', async () => {
    const { eventId, sectionIds } = await open(12, 12, 12);
    const answers = await Promise.all(
      range(300).map((nth) => {
        const who = `person-${nth % 15}`;
        const sectionId = sectionIds[(nth >> 2) % 3]!;
        const quantity = (nth % 2) + 1;
        if (nth % 5 === 4) return api().cancel(eventId, who, { sectionId });
        if (nth % 5 === 3) {
          return api().post('/v1/holds', { eventId, sectionId, identifier: who, quantity });
        }
        return api().book(eventId, who, { sectionId, quantity });
      }),
    );
    const people = await placesAt(eventId);
    for (const [who, places] of people) expect([who, total(places) <= LIMIT]).toEqual([who, true]);
    expect(countsOf(answers)['409 limit_exceeded']).toBeGreaterThan(20);
    await expectSound(eventId, answers);
    process.stdout.write(`\n${answers.length} requests: ${JSON.stringify(countsOf(answers))}\n`);
  });

  it('write nothing about it into the log', () => {
    for (const service of services) expect(service.output).not.toMatch(/"level":[456]0/);
  });
});
