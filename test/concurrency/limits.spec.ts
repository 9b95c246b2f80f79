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
/** Storms of one kind: in five, a race that is lost one time in three is seen. */
const ROUNDS = intensity('ROUNDS');

interface Event {
  readonly id: string;
  readonly sections: readonly { readonly id: string }[];
}

/** People of one storm who take what is theirs in one section and want more in another. */
const PEOPLE = intensity('STORM_PEOPLE');
/** At once: few enough for many small batches, in which the two meet again and again. */
const CALLERS = 16;
/** What each of them has, and the one more than he may have besides. */
const HAS = 2;
const WANTS = LIMIT - HAS + 1;

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

  describe('counts what changes hands in another section, from the first to the last moment', () => {
    const everybody = range(PEOPLE);
    const person = (nth: number): string => `person-${nth}`;

    /** So many callers at once, each with what comes next; answers in the order of the list. */
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
      /** Where they want more than they may have. */
      readonly stalls: string;
      /** Where they have something. */
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

    /** Somebody has each place of the balcony, and everybody waits for some. */
    async function fillBalcony({ eventId, balcony }: Hall): Promise<void> {
      const places = { sectionId: balcony, quantity: HAS };
      await inTurns(everybody, (nth) => api().book(eventId, `holder-${nth}`, places));
      await inTurns(everybody, (nth) => api().book(eventId, person(nth), places));
    }

    const giveBack = ({ eventId, balcony }: Hall, nth: number): Promise<Answer> =>
      api().cancel(eventId, `holder-${nth}`, { sectionId: balcony, quantity: HAS });

    /** While each takes what is his, he books what he may not have besides. */
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

    it('holds that are confirmed', async () => {
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

    it('entries that are promoted', async () => {
      const hall = await openHall('auto');
      await fillBalcony(hall);
      await expectRefused(hall, 200, (nth) => giveBack(hall, nth));
    });

    it('offers that are accepted', async () => {
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

  it('write nothing about it into the log', () => {
    for (const service of services) expect(service.output).not.toMatch(/"level":[456]0/);
  });
});
