import {
  type Answer,
  type Api,
  assertInvariants,
  countsOf,
  ServiceProcess,
  useDatabase,
} from '../kit/index.js';
import { intensity } from '../setup/intensity.js';

const INSTANCES = 2;
const LIMIT = 4;
const REQUESTS = 20;
/** Rounds of each kind: five of them show a race that is lost one time in three. */
const ROUNDS = intensity('ROUNDS');

interface Event {
  readonly id: string;
  readonly sections: readonly { readonly id: string }[];
}

/** People who take places in one section while they ask for too many in another. */
const PEOPLE = intensity('STORM_PEOPLE');
/** Concurrent callers: few enough for many small batches, in which both requests meet often. */
const CALLERS = 16;
/** The places that each person has, and a quantity that exceeds the limit by one. */
const HAS = 2;
const WANTS = LIMIT - HAS + 1;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe(`a limit of ${LIMIT} places per person, on ${INSTANCES} instances`, () => {
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

  /** Creates an event with sections of these capacities; returns its id and theirs. */
  async function open(...capacities: number[]): Promise<{ eventId: string; sectionIds: string[] }> {
    const sections = capacities.map((capacity, nth) => ({ name: `Section ${nth}`, capacity }));
    const event = { name: 'Gala', sections, limits: { maxPerPerson: LIMIT } };
    const { body } = await api().post<Event>('/v1/events', event);
    return { eventId: body.id, sectionIds: body.sections.map(({ id }) => id) };
  }

  /** The places of each person in the whole event, by status. */
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

  it.each(range(ROUNDS))('is kept in one section, round %i', async () => {
    const { eventId } = await open(100);
    const answers = await Promise.all(range(REQUESTS).map(() => api().book(eventId, 'ann')));
    const refused = REQUESTS - LIMIT;
    expect(countsOf(answers)).toEqual({ '201': LIMIT, '409 limit_exceeded': refused });
    const { body } = await api().status(eventId);
    expect(body).toMatchObject({ bookedTickets: LIMIT, bookingCount: LIMIT });
    await expectSound(eventId, answers);
  });

  it.each(range(ROUNDS))('is kept across sections, round %i', async () => {
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

  it.each(range(ROUNDS))('counts booked, held and awaited places, round %i', async () => {
    // The last section is full: bookings there join the waitlist.
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

  it('is kept while many people book, hold, wait and cancel at once', async () => {
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

  describe('counts places in another section, before, while and after they change', () => {
    const everybody = range(PEOPLE);
    const person = (nth: number): string => `person-${nth}`;

    /** Sends with a fixed number of callers; returns the answers in the order of the items. */
    async function inTurns<Item>(
      items: readonly Item[],
      send: (item: Item) => Promise<Answer>,
    ): Promise<Answer[]> {
      const answers: Answer[] = [];
      const rest = items.entries();
      const call = async (): Promise<void> => {
        for (const [nth, item] of rest) answers[nth] = await send(item);
      };
      await Promise.all(range(CALLERS).map(call));
      return answers;
    }

    interface Hall {
      readonly eventId: string;
      /** Where they ask for more than the limit allows. */
      readonly stalls: string;
      /** Where they have places. */
      readonly balcony: string;
    }

    async function openHall(mode: 'auto' | 'offer'): Promise<Hall> {
      const sections = [
        { name: 'Stalls', capacity: PEOPLE * WANTS },
        { name: 'Balcony', capacity: PEOPLE * HAS },
      ];
      const event = { name: 'Gala', sections, limits: { maxPerPerson: LIMIT }, waitlist: { mode } };
      const { body } = await api().post<Event>('/v1/events', event);
      return { eventId: body.id, stalls: body.sections[0]!.id, balcony: body.sections[1]!.id };
    }

    /** Sells the balcony to holders, and lets everybody wait for places there. */
    async function fillBalcony({ eventId, balcony }: Hall): Promise<void> {
      const places = { sectionId: balcony, quantity: HAS };
      await inTurns(everybody, (nth) => api().book(eventId, `holder-${nth}`, places));
      await inTurns(everybody, (nth) => api().book(eventId, person(nth), places));
    }

    const giveBack = ({ eventId, balcony }: Hall, nth: number): Promise<Answer> =>
      api().cancel(eventId, `holder-${nth}`, { sectionId: balcony, quantity: HAS });

    /** While people take their places in the balcony, they book too many in the stalls. */
    async function expectRefused(
      hall: Hall,
      status: number,
      take: (nth: number) => Promise<Answer>,
    ): Promise<void> {
      const { eventId, stalls } = hall;
      const sends = everybody.flatMap((nth) => [
        () => take(nth),
        () => api().book(eventId, person(nth), { sectionId: stalls, quantity: WANTS }),
      ]);
      const answers = await inTurns(sends, (send) => send());
      expect(countsOf(answers)).toEqual({ [status]: PEOPLE, '409 limit_exceeded': PEOPLE });
      const people = await placesAt(eventId);
      expect(everybody.map((nth) => people.get(person(nth)))).toEqual(
        everybody.map(() => ({ booked: HAS })),
      );
      await expectSound(eventId, answers);
    }

    it('when holds are confirmed', async () => {
      const hall = await openHall('auto');
      const { eventId, balcony } = hall;
      const holds = await inTurns(everybody, (nth) => {
        const wish = { eventId, sectionId: balcony, identifier: person(nth), quantity: HAS };
        return api().post('/v1/holds', wish);
      });
      await expectRefused(hall, 201, (nth) =>
        api().post(`/v1/holds/${holds[nth]!.body.id}/confirm`),
      );
    });

    it('when entries are promoted', async () => {
      const hall = await openHall('auto');
      await fillBalcony(hall);
      await expectRefused(hall, 200, (nth) => giveBack(hall, nth));
    });

    it('when offers are accepted', async () => {
      const hall = await openHall('offer');
      await fillBalcony(hall);
      await inTurns(everybody, (nth) => giveBack(hall, nth));
      const entries = await database.query<{ id: string; who: string }>(
        `SELECT entry.id, user.identifier AS who
           FROM waitlist_entries entry JOIN users user ON user.id = entry.user_id
          WHERE entry.event_id = ? AND entry.status = 'OFFERED'`,
        [hall.eventId],
      );
      const entryOf = new Map(entries.map(({ id, who }) => [who, id]));
      await expectRefused(hall, 201, (nth) => {
        return api().post(`/v1/waitlist/${entryOf.get(person(nth))!}/accept`);
      });
    });
  });

  it('without warnings or errors in the log', () => {
    for (const service of services) expect(service.output).not.toMatch(/"level":[456]0/);
  });
});
