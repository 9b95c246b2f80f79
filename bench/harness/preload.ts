import type { Connection, RowDataPacket } from 'mysql2/promise';
import { personName } from '../load/plan.js';
import { uuidV7 } from '../../src/platform/common/uuid-v7.js';
import type { World } from './world.js';

const ROWS_PER_INSERT = 5_000;

/** What an event is to hold: people who booked, and people who wait behind them. */
export interface Filling {
  readonly prefix: string;
  readonly bookings: number;
  readonly ticketsPerBooking: number;
  /** Only if the bookings fill the event, or the line would have been promoted. */
  readonly waiting: number;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Fills events by SQL, in multi-row INSERTs, with the history that their rows would have had. Every
 * row is a copy of one that the service itself has written, so a new column needs no change here.
 */
export class Preloader {
  private constructor(
    private readonly connection: Connection,
    private readonly templates: Readonly<Record<string, Row>>,
  ) {}

  static async for(world: World, product: string): Promise<Preloader> {
    const eventId = await world.openEvent(product, 1);
    for (const identifier of ['model-1', 'model-2']) {
      await world.server(product).post('/book', { eventId, identifier });
    }
    const { connection } = world.database;
    const tables = ['users', 'bookings', 'tickets', 'waitlist_entries', 'outbox_messages'];
    const templates: Record<string, Row> = {};
    for (const table of tables) {
      const where = table === 'outbox_messages' ? 'WHERE section_id IS NOT NULL' : '';
      const [rows] = await connection.query<RowDataPacket[]>(
        `SELECT * FROM ${table} ${where} LIMIT 1`,
      );
      templates[table] = rows[0]!;
    }
    // The rows come in the order of their keys and are known to be right; both are checked later.
    await connection.query('SET SESSION foreign_key_checks = 0, unique_checks = 0');
    return new Preloader(connection, templates);
  }

  async fill(eventId: string, filling: Filling): Promise<void> {
    const [rows] = await this.connection.query<RowDataPacket[]>(
      'SELECT id FROM sections WHERE event_id = ?',
      [eventId],
    );
    const place = { event_id: eventId, section_id: rows[0]!['id'] as string };
    const { bookings, ticketsPerBooking, waiting } = filling;
    await this.fillBookings(place, filling);
    await this.fillLine(place, filling);
    const booked = bookings * ticketsPerBooking;
    await this.connection.query(
      `UPDATE sections SET booked = ?, available = capacity - ?, bookings = ?, waiting = ?,
              last_seq = ?, version = ? WHERE id = ?`,
      [booked, booked, bookings, waiting, waiting, bookings + waiting, place.section_id],
    );
  }

  private async fillBookings(place: Row, filling: Filling): Promise<void> {
    const { prefix, bookings, ticketsPerBooking: quantity } = filling;
    const newId = ascendingIds();
    await this.inChunks(bookings, async (numbers) => {
      const people = numbers.map((number) => ({ id: newId(), number }));
      await this.insertUsers(people, prefix);
      const made = people.map(({ id, number }) => ({ id: newId(), user_id: id, number }));
      const rows = made.map(({ id, user_id }) => ({ ...place, id, user_id, quantity }));
      await this.insert('bookings', rows);
      for (let ticket = 0; ticket < quantity; ticket += 1) {
        const tickets = made.map(({ id }) => ({ ...place, id: newId(), booking_id: id }));
        await this.insert('tickets', tickets);
      }
      const messages = made.map(({ id: bookingId, user_id: userId, number }) => ({
        ...place,
        id: newId(),
        sequence: number,
        type: 'booking.confirmed',
        payload: JSON.stringify({ bookingId, userId, quantity, waitlistEntryId: null }),
      }));
      await this.insert('outbox_messages', messages);
    });
  }

  private async fillLine(place: Row, { prefix, bookings, waiting }: Filling): Promise<void> {
    const newId = ascendingIds();
    await this.inChunks(waiting, async (numbers) => {
      const people = numbers.map((number) => ({ id: newId(), number }));
      await this.insertUsers(people, `w-${prefix}`);
      const entries = people.map(({ id, number }) => {
        return {
          ...place,
          id: newId(),
          user_id: id,
          waiting_user_id: id,
          quantity: 1,
          seq: number,
        };
      });
      await this.insert('waitlist_entries', entries);
      const messages = entries.map(({ id: entryId, user_id: userId, seq }) => ({
        ...place,
        id: newId(),
        sequence: bookings + seq,
        type: 'waitlist.joined',
        payload: JSON.stringify({ entryId, userId, quantity: 1 }),
      }));
      await this.insert('outbox_messages', messages);
    });
  }

  private async insertUsers(
    people: readonly { readonly id: string; readonly number: number }[],
    prefix: string,
  ): Promise<void> {
    const rows = people.map(({ id, number }) => ({ id, identifier: personName(prefix, number) }));
    await this.insert('users', rows);
  }

  private async insert(table: string, rows: readonly Row[]): Promise<void> {
    const template = this.templates[table]!;
    const columns = Object.keys(template);
    const values = rows.map((row) => columns.map((column) => row[column] ?? template[column]));
    await this.connection.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ?`, [values]);
  }

  /** Numbers begin at 1. */
  private async inChunks(
    count: number,
    work: (numbers: readonly number[]) => Promise<void>,
  ): Promise<void> {
    for (let done = 0; done < count; done += ROWS_PER_INSERT) {
      const size = Math.min(ROWS_PER_INSERT, count - done);
      await work(Array.from({ length: size }, (_, index) => done + index + 1));
    }
  }
}

/** Ids in ascending order, as time would have made them; the newest is about now. */
function ascendingIds(): () => string {
  let time = Date.now() - 100_000_000;
  return () => uuidV7((time += 1));
}
