import {
  AllocationEngine,
  type CommandRequest,
  SectionsRepository,
} from '../../src/allocation/index.js';
import type { TicketQuery } from '../../src/allocation/core/loading/load-requirements.js';
import { BookingsRepository } from '../../src/allocation/storage/bookings.repository.js';
import { PersonAllocationsRepository } from '../../src/allocation/storage/person-allocations.repository.js';
import {
  queryAll,
  type Transaction,
  TransactionRunner,
} from '../../src/platform/database/index.js';
import { uuidV7 } from '../../src/platform/common/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import { someone } from '../kit/request-context.js';

const BOOKINGS = 5_000;
const WANTED = 20;
/** A few rows for each that is wanted, but not one for each that exists. */
const ROWS_READ_MAX = 20 * WANTED;

/** Rows that this connection has read so far. */
async function rowsRead(tx: Transaction): Promise<number> {
  const rows = await tx.query<{ Value: string }[]>(
    `SHOW SESSION STATUS WHERE Variable_name IN
       ('Handler_read_first', 'Handler_read_key', 'Handler_read_next', 'Handler_read_rnd_next')`,
  );
  return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('tickets in tables that have just been filled', () => {
  const database = useDatabase();
  const app = useApp(database);
  const sectionId = uuidV7();

  beforeAll(async () => {
    await database.query(
      `INSERT INTO sections (id, event_id, name, sales, capacity, available, created_at,
         booked, held, bookings, waiting, last_seq, version)
       VALUES (?, ?, 'Stalls', 'OPEN', ?, ?, ?, 0, 0, 0, 0, 0, 0)`,
      [sectionId, uuidV7(), BOOKINGS, BOOKINGS, new Date()],
    );
    const requests = range(BOOKINGS).map((index) => {
      const who = { person: someone(`person-${index}`), quantity: 1, onSoldOut: 'wait' } as const;
      return { kind: 'book', sectionId, ...who } as const;
    });
    await app.nest.get(AllocationEngine).run(requests);
  });

  const some = async (column: string, table: string): Promise<string[]> => {
    const rows = await database.query<{ id: string }>(
      `SELECT ${column} AS id FROM ${table} ORDER BY id LIMIT ${WANTED}`,
    );
    return rows.map(({ id }) => id);
  };

  it.each<[TicketQuery['by'], () => Promise<TicketQuery[]>]>([
    ['tickets', async () => [{ sectionId, by: 'tickets', ids: await some('id', 'tickets') }]],
    ['bookings', async () => [{ sectionId, by: 'bookings', ids: await some('id', 'bookings') }]],
    [
      'newest',
      async () => {
        const people = await some('user_id', 'bookings');
        return people.map((userId) => ({ sectionId, by: 'newest', userId, max: 1 }));
      },
    ],
    [
      'any',
      () =>
        Promise.resolve([{ sectionId, by: 'any', bookingsMax: 2 * WANTED, ticketsMax: WANTED }]),
    ],
  ])('are found by their index: %s', async (_, plan) => {
    const wanted = app.nest.get(BookingsRepository).bookedTickets(await plan());
    await app.nest.get(TransactionRunner).run('test', async (tx) => {
      const before = await rowsRead(tx);
      const [tickets] = await queryAll(tx, [wanted]);
      const read = (await rowsRead(tx)) - before;
      expect(tickets).toHaveLength(WANTED);
      expect(read).toBeLessThan(ROWS_READ_MAX);
    });
  });
});

describe('how many places people have in an event with a limit per person', () => {
  const SECTIONS = 3;
  const database = useDatabase();
  const app = useApp(database);
  /** Sections of one event. The first has a long waitlist and thousands of holds. */
  const sectionIds = range(SECTIONS).map(() => uuidV7());

  const engine = (): AllocationEngine => app.nest.get(AllocationEngine);

  async function open(ids: readonly string[], limit: number | null): Promise<void> {
    const eventId = uuidV7();
    const rows = ids.map((id) => {
      return [id, eventId, id === ids[0] ? null : ids[0], limit, BOOKINGS, BOOKINGS, new Date()];
    });
    await database.query(
      `INSERT INTO sections (id, event_id, first_section_id, max_per_person, capacity, available,
         created_at, name, sales, booked, held, bookings, waiting, last_seq, version)
       VALUES ${rows.map(() => "(?, 'Stalls', 'OPEN', 0, 0, 0, 0, 0, 0)").join(', ')}`,
      rows,
    );
  }

  const book = (sectionId: string, identifier: string): CommandRequest => {
    return { kind: 'book', sectionId, person: someone(identifier), quantity: 1, onSoldOut: 'wait' };
  };

  beforeAll(async () => {
    const elsewhere = uuidV7();
    await open([elsewhere], null);
    await engine().run(range(BOOKINGS).map((nth) => book(elsewhere, `regular-${nth % 2}`)));
    await open(sectionIds, 4);
    const [first, ...others] = sectionIds as [string, ...string[]];
    const wish = { sectionId: first, quantity: 1, ttlSeconds: 600 };
    await engine().run(
      range(BOOKINGS).map((nth) => ({ kind: 'hold', ...wish, person: someone(`holder-${nth}`) })),
    );
    await engine().run(range(BOOKINGS).map((nth) => book(first, `waiting-${nth}`)));
    await engine().run(others.map((id) => book(id, 'regular-0')));
  });

  it.each([
    ['with thousands of bookings elsewhere', 'regular-%', 2, 2],
    ['on a long waitlist', 'waiting-%', WANTED, WANTED],
    ['with one of thousands of holds', 'holder-%', WANTED, WANTED],
  ])('is found by index: people %s', async (_, like, count, places) => {
    const people = await database.query<{ userId: string }>(
      'SELECT id AS userId FROM users WHERE identifier LIKE ? LIMIT ?',
      [like, count],
    );
    await app.nest.get(TransactionRunner).run('test', async (tx) => {
      const sections = app.nest.get(SectionsRepository).lock(sectionIds);
      const [locked] = await queryAll(tx, [sections]);
      const { eventId } = locked.get(sectionIds[0]!)!.row;
      const userIds = people.map(({ userId }) => userId);
      const before = await rowsRead(tx);
      const counts = app.nest
        .get(PersonAllocationsRepository)
        .count([{ eventId, people: userIds }], new Date());
      const [allocations] = await queryAll(tx, [counts]);
      const read = (await rowsRead(tx)) - before;
      const counted = userIds.map((userId) => allocations.get(eventId)!.of(userId));
      expect(counted.reduce((sum, of) => sum + of, 0)).toBe(places);
      expect(read).toBeLessThan(ROWS_READ_MAX);
    });
  });
});
