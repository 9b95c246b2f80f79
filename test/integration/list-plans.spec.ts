import request from 'supertest';
import { AllocationEngine } from '../../src/allocation/index.js';
import { OverdueSectionsWorker } from '../../src/holds/overdue-sections.worker.js';
import { ReadPool } from '../../src/platform/database/index.js';
import { PeriodicWorkers } from '../../src/platform/workers/index.js';
import { uuidV7 } from '../../src/platform/common/index.js';
import { openSeated, type SeatedHouse, useApp, useDatabase } from '../kit/index.js';
import { someone } from '../kit/request-context.js';

const BOOKINGS = 5_000;
const ROWS = 25;
const SEATS_PER_ROW = 200;
const SHOWN = 20;
/** A few rows for each that is shown, but not one for each that exists. */
const ROWS_READ_MAX = 25 * SHOWN;
/** The most tickets of a booking that a list shows. */
const TICKETS_LISTED = 100;

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const cursor = (...keys: readonly string[]): string =>
  Buffer.from(JSON.stringify(keys)).toString('base64url');

describe('lists from tables that have just been filled', () => {
  const database = useDatabase();
  // One connection, so that its counters contain every read.
  const app = useApp(database, { DATABASE_READ_POOL_SIZE: '1' });
  let eventId: string;
  let middle: string;
  let house: SeatedHouse;

  const open = async (): Promise<{ eventId: string; sectionId: string }> => {
    const sections = ['Stalls', 'Balcony'].map((name) => ({ name, capacity: BOOKINGS }));
    const event = { name: 'Opera', sections };
    const { body } = await request(app.server).post('/v1/events').send(event).expect(201);
    return { eventId: body.id, sectionId: body.sections[0].id };
  };

  /** Makes bookings of one place each and returns their ids, oldest first. */
  async function book(sectionId: string, count: number, who: string): Promise<string[]> {
    const wish = { kind: 'book', sectionId, quantity: 1, onSoldOut: 'refuse' } as const;
    const wishes = range(count).map(() => ({ ...wish, person: someone(who) }));
    const settled = await app.nest.get(AllocationEngine).run(wishes);
    return settled.map(({ outcome }) => (outcome.kind === 'booked' ? outcome.booking.id : ''));
  }

  /** The rows to be found are old, so that reading from the newest on would read many. */
  beforeAll(async () => {
    await app.nest.get(PeriodicWorkers).stop();
    house = await openSeated(app.server, { rows: ROWS, perRow: SEATS_PER_ROW });
    const wish = { eventId: house.eventId, identifier: 'cid', quantity: BOOKINGS / 2 };
    await request(app.server).post('/v1/bookings').send(wish).expect(201);
    const [opened, other] = [await open(), await open()];
    const { sectionId } = opened;
    ({ eventId } = opened);
    const bobs = (await book(sectionId, BOOKINGS / 4, 'bob')).sort();
    middle = bobs[BOOKINGS / 8]!;
    const old = bobs.slice(0, BOOKINGS / 16);
    await app.nest.get(AllocationEngine).run(
      old.map((bookingId) => {
        return { kind: 'cancelBooking', sectionId, bookingId, target: { by: 'all' } };
      }),
    );
    await book(sectionId, BOOKINGS / 4, 'ann');
    await book(other.sectionId, BOOKINGS / 2, 'ann');
  });

  /** Rows read since the connection was opened, through whatever index. */
  async function rowsRead(): Promise<number> {
    const rows: { Value: string }[] = await app.nest
      .get(ReadPool)
      .dataSource.query("SHOW SESSION STATUS LIKE 'Handler_read%'");
    return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
  }

  async function readBy(doIt: () => Promise<unknown>): Promise<number> {
    const before = await rowsRead();
    await doIt();
    return (await rowsRead()) - before;
  }

  it.each<[string, () => Record<string, string | number>]>([
    ['of an event', () => ({ eventId })],
    ['of an event, from the middle', () => ({ eventId, cursor: cursor(middle) })],
    ['of an event, the second page', () => ({ eventId, page: 2 })],
    ['of an event, by status', () => ({ eventId, status: 'CANCELLED' })],
    ['of a person at an event', () => ({ eventId, identifier: 'bob' })],
    [
      'of a person at an event, by status, from the middle',
      () => ({ eventId, identifier: 'bob', status: 'CONFIRMED', cursor: cursor(middle) }),
    ],
  ])('read few rows: bookings %s', async (_, query) => {
    const read = await readBy(async () => {
      const list = request(app.server).get('/v1/bookings');
      const { body } = await list.query({ ...query(), limit: SHOWN }).expect(200);
      expect(body.data).toHaveLength(SHOWN);
    });
    expect(read).toBeLessThan(ROWS_READ_MAX);
  });

  it('read no more tickets of a large booking than they show', async () => {
    const read = await readBy(async () => {
      const list = request(app.server).get('/v1/bookings');
      const { body } = await list.query({ eventId: house.eventId }).expect(200);
      expect(body.data[0].tickets).toHaveLength(TICKETS_LISTED);
    });
    expect(read).toBeLessThan(6 * TICKETS_LISTED);
  });

  it.each<[string, object]>([
    ['from the beginning', {}],
    ['from the middle', { position: 2_000 }],
    ['that are booked', { status: 'BOOKED', position: 1_000 }],
    ['that are free', { status: 'AVAILABLE' }],
  ])('read few rows: seats %s', async (_, { position, ...rest }: { position?: number }) => {
    const after = position === undefined ? {} : { cursor: cursor(house.sectionId, `${position}`) };
    const read = await readBy(async () => {
      const list = request(app.server).get(`/v1/events/${house.eventId}/seats`);
      const { body } = await list.query({ ...rest, ...after, limit: SHOWN }).expect(200);
      expect(body.data).toHaveLength(SHOWN);
    });
    expect(read).toBeLessThan(ROWS_READ_MAX);
  });

  it('of overdue holds read no section without one', async () => {
    const rows = range(BOOKINGS).map(() => [uuidV7(), uuidV7(), new Date()]);
    await database.query(
      `INSERT INTO sections (id, event_id, created_at, name, sales, capacity, available, booked,
         held, bookings, waiting, last_seq, version)
       VALUES ${rows.map(() => "(?, 'Stalls', 'OPEN', 1, 1, 0, 0, 0, 0, 0, 0)").join(', ')}`,
      rows,
    );
    const read = await readBy(() => app.nest.get(OverdueSectionsWorker).sweep());
    expect(read).toBeLessThan(5);
  });
});
