import {
  type Answer,
  type Api,
  assertInvariants,
  countsOf,
  openSeated,
  type SeatedHouse,
  ServiceProcess,
  useDatabase,
} from '../kit/index.js';

const INSTANCES = 2;
const ROWS = 5;
const PER_ROW = 10;
const SEATS = ROWS * PER_ROW;
const CALLERS = 200;
/** The number of seats that everybody asks for first. */
const FAVOURITES = 5;

interface SeatAnswer {
  readonly code?: string;
  readonly ticket?: { readonly seatId: string };
  readonly tickets?: readonly { readonly seatId: string }[];
}

const people = (count: number, name = 'person'): string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index}@example.org`);

const isDone = ({ status }: Answer<SeatAnswer>): boolean => status === 201;

/** The seats that were sold, according to the answers. */
const seatsIn = (answers: readonly Answer<SeatAnswer>[]): string[] =>
  answers.filter(isDone).flatMap(({ body: { ticket, tickets = [] } }) => {
    return [...tickets, ...(ticket === undefined ? [] : [ticket])].map(({ seatId }) => seatId);
  });

describe(`the seats of an event, on ${INSTANCES} instances`, () => {
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

  const open = (): Promise<SeatedHouse> =>
    openSeated(api().baseUrl, { rows: ROWS, perRow: PER_ROW });

  const book = (eventId: string, identifier: string, more: object): Promise<Answer<SeatAnswer>> =>
    api().post('/v1/bookings', { eventId, identifier, onSoldOut: 'refuse', ...more });

  const reserve = (seatId: string, identifier: string): Promise<Answer<SeatAnswer>> =>
    api().post(`/v1/seats/${seatId}/reserve`, { identifier });

  const release = (seatId: string, identifier: string): Promise<Answer<SeatAnswer>> =>
    api().post(`/v1/seats/${seatId}/release`, { identifier });

  /** Each sold seat has one ticket, and no other seat has any. */
  async function expectSold(eventId: string, sold: readonly string[]): Promise<void> {
    const tickets = await database.query<{ seatId: string }>(
      "SELECT seat_id AS seatId FROM tickets WHERE event_id = ? AND status = 'BOOKED'",
      [eventId],
    );
    const seats = await database.query<{ id: string }>(
      "SELECT id FROM seats WHERE event_id = ? AND status = 'BOOKED'",
      [eventId],
    );
    expect(new Set(sold).size).toBe(sold.length);
    expect(tickets.map(({ seatId }) => seatId).sort()).toEqual(sold.toSorted());
    expect(seats.map(({ id }) => id).sort()).toEqual(sold.toSorted());
    await assertInvariants(database.url);
    await api().audit(eventId);
  }

  it(`are sold once to ${CALLERS} callers who want the same ${FAVOURITES} together`, async () => {
    const { eventId, seatIds } = await open();
    const favourites = seatIds.slice(0, FAVOURITES);
    const call = async (who: string): Promise<Answer<SeatAnswer>[]> => {
      const first = await book(eventId, who, { seatIds: favourites });
      return isDone(first) ? [first] : [first, await book(eventId, who, {})];
    };
    const answers = (await Promise.all(people(CALLERS).map(call))).flat();
    // One caller gets the favourites; the others ask again, until all seats are sold.
    const others = SEATS - FAVOURITES;
    expect(countsOf(answers)).toEqual({
      '201': 1 + others,
      '409 seat_taken': CALLERS - 1,
      '409 sold_out': CALLERS - 1 - others,
    });
    expect(seatsIn(answers).sort()).toEqual(seatIds.toSorted());
    await expectSold(eventId, seatIds);
  });

  it(`are sold once to ${CALLERS} callers who want one of the same ${FAVOURITES}`, async () => {
    const { eventId, seatIds } = await open();
    const call = async (who: string): Promise<Answer<SeatAnswer>[]> => {
      const answers: Answer<SeatAnswer>[] = [];
      for (const seatId of seatIds.slice(0, FAVOURITES)) {
        answers.push(await reserve(seatId, who));
        if (isDone(answers.at(-1)!)) return answers;
      }
      return [...answers, await book(eventId, who, {})];
    };
    const answers = (await Promise.all(people(CALLERS).map(call))).flat();
    // The caller with the nth favourite was too late for all before it.
    const lateForSome = ((FAVOURITES - 1) * FAVOURITES) / 2;
    expect(countsOf(answers)).toEqual({
      '201': SEATS,
      '409 seat_taken': lateForSome + (CALLERS - FAVOURITES) * FAVOURITES,
      '409 sold_out': CALLERS - SEATS,
    });
    expect(seatsIn(answers).sort()).toEqual(seatIds.toSorted());
    await expectSold(eventId, seatIds);
  });

  it(`are sold to the last one to ${CALLERS} callers who ask for 1 to 4 of the best`, async () => {
    const { eventId, seatIds } = await open();
    const quantityOf = (index: number): number => (index % 4) + 1;
    const answers = await Promise.all(
      people(CALLERS).map((who, index) => book(eventId, who, { quantity: quantityOf(index) })),
    );
    const { '201': booked = 0, ...others } = countsOf(answers);
    expect(others).toEqual({ '409 sold_out': CALLERS - booked });
    answers.forEach((answer, index) => {
      if (isDone(answer)) expect(seatsIn([answer])).toHaveLength(quantityOf(index));
    });
    // Single places were sold until none was left.
    expect(seatsIn(answers).sort()).toEqual(seatIds.toSorted());
    await expectSold(eventId, seatIds);
  });

  it.each([1, 2, 3])('are sold once while they are released, twice each, round %i', async () => {
    const { eventId, seatIds } = await open();
    const holders = people(SEATS, 'holder');
    await Promise.all(seatIds.map((seatId, index) => reserve(seatId, holders[index]!)));
    const released: Promise<Answer<SeatAnswer>>[] = [];
    const reserved: Promise<Answer<SeatAnswer>>[] = [];
    seatIds.forEach((seatId, index) => {
      for (const who of people(2, `rival-${index}`)) {
        reserved.push(reserve(seatId, who));
        released.push(release(seatId, holders[index]!));
        reserved.push(reserve(seatId, who));
      }
    });
    expect(countsOf(await Promise.all(released))).toEqual({
      '200': SEATS,
      '404 ticket_not_found': SEATS,
    });
    const answers = await Promise.all(reserved);
    const { '201': taken = 0, ...others } = countsOf(answers);
    expect(others).toEqual({ '409 seat_taken': answers.length - taken });
    expect(taken).toBeGreaterThan(0);
    await expectSold(eventId, seatsIn(answers));
  });
});
