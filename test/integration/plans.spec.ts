import { BookingEngine } from '../../src/bookings/index.js';
import {
  BookingsRepository,
  type TicketsWanted,
} from '../../src/bookings/storage/bookings.repository.js';
import { ask, type Transaction, TransactionRunner, uuidV7 } from '../../src/platform/index.js';
import { useApp, useDatabase } from '../kit/index.js';
import { someone } from '../kit/asking.js';

const BOOKINGS = 5_000;
const WANTED = 20;
/** A few rows for each that is wanted, and not one for each that there is. */
const ROWS_READ_MAX = 20 * WANTED;

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
    const requests = Array.from({ length: BOOKINGS }, (_, index) => {
      const who = { person: someone(`person-${index}`), quantity: 1, onSoldOut: 'wait' } as const;
      return { kind: 'book', sectionId, ...who } as const;
    });
    await app.nest.get(BookingEngine).run(requests);
  });

  const some = async (column: string, table: string): Promise<string[]> => {
    const rows = await database.query<{ id: string }>(
      `SELECT ${column} AS id FROM ${table} ORDER BY id LIMIT ${WANTED}`,
    );
    return rows.map(({ id }) => id);
  };

  async function rowsRead(tx: Transaction): Promise<number> {
    const rows = await tx.query<{ Value: string }[]>(
      `SHOW SESSION STATUS WHERE Variable_name IN
         ('Handler_read_first', 'Handler_read_key', 'Handler_read_next', 'Handler_read_rnd_next')`,
    );
    return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
  }

  it.each<[TicketsWanted['by'], () => Promise<TicketsWanted[]>]>([
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
    const wanted = app.nest.get(BookingsRepository).heldTickets(await plan());
    await app.nest.get(TransactionRunner).run('test', async (tx) => {
      const before = await rowsRead(tx);
      const [tickets] = await ask(tx, [wanted]);
      const read = (await rowsRead(tx)) - before;
      expect(tickets).toHaveLength(WANTED);
      expect(read).toBeLessThan(ROWS_READ_MAX);
    });
  });
});
