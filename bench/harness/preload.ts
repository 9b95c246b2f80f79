import type { Connection, RowDataPacket } from 'mysql2/promise';
import { personName } from '../load/plan.js';
import { uuidV7 } from '../../src/platform/common/uuid-v7.js';
import type { Testbed } from './testbed.js';

const ROWS_PER_INSERT = 5_000;
/** As after batches of this size. */
const MESSAGES_PER_ROW = 250;

/** The rows an event gets: bookings, and the waitlist behind them. */
export interface EventContents {
  readonly prefix: string;
  readonly bookings: number;
  readonly ticketsPerBooking: number;
  /** Above 0 only if the bookings fill the event: otherwise the service would have promoted people. */
  readonly waiting: number;
}

type Row = Readonly<Record<string, unknown>>;
type Message = { readonly type: string; readonly payload: Row };
type SectionKeys = { readonly event_id: string; readonly section_id: string };

/**
 * Fills events with multi-row INSERTs, including the outbox messages of their past. Every row copies one
 * that the service wrote itself, so a new column needs no change here.
 */
export class Preloader {
  private constructor(
    private readonly connection: Connection,
    private readonly templates: Readonly<Record<string, Row>>,
  ) {}

  static async for(testbed: Testbed, serverName: string): Promise<Preloader> {
    const eventId = await testbed.openEvent(serverName, 1);
    for (const identifier of ['model-1', 'model-2']) {
      await testbed.server(serverName).post('/book', { eventId, identifier });
    }
    const { connection } = testbed.database;
    const tables = ['users', 'bookings', 'tickets', 'waitlist_entries', 'outbox_messages'];
    const templates: Record<string, Row> = {};
    for (const table of tables) {
      const where = table === 'outbox_messages' ? 'WHERE section_id IS NOT NULL' : '';
      const [rows] = await connection.query<RowDataPacket[]>(
        `SELECT * FROM ${table} ${where} LIMIT 1`,
      );
      templates[table] = rows[0]!;
    }
    // Faster. The audit at the end of the scenario checks these rows.
    await connection.query('SET SESSION foreign_key_checks = 0, unique_checks = 0');
    return new Preloader(connection, templates);
  }

  /** Gives every section of the event the same contents, with other people in each. */
  async fill(eventId: string, contents: EventContents): Promise<void> {
    const [rows] = await this.connection.query<RowDataPacket[]>(
      'SELECT id FROM sections WHERE event_id = ? ORDER BY id',
      [eventId],
    );
    for (const [index, { id }] of rows.entries()) {
      const prefix = index === 0 ? contents.prefix : `${index}-${contents.prefix}`;
      await this.fillSection(
        { event_id: eventId, section_id: id as string },
        { ...contents, prefix },
      );
    }
  }

  private async fillSection(place: SectionKeys, contents: EventContents): Promise<void> {
    const { bookings, ticketsPerBooking, waiting } = contents;
    await this.fillBookings(place, contents);
    await this.fillWaitlist(place, contents);
    const booked = bookings * ticketsPerBooking;
    await this.connection.query(
      `UPDATE sections SET booked = ?, available = capacity - ?, bookings = ?, waiting = ?,
              last_seq = ?, version = ? WHERE id = ?`,
      [booked, booked, bookings, waiting, waiting, bookings + waiting, place.section_id],
    );
  }

  private async fillBookings(place: Row, contents: EventContents): Promise<void> {
    const { prefix, bookings, ticketsPerBooking: quantity } = contents;
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
      const messages = made.map(({ id: bookingId, user_id: userId }) => ({
        type: 'booking.confirmed',
        payload: { bookingId, userId, quantity, waitlistEntryId: null, holdId: null },
      }));
      await this.insertMessages({ ...place, sequence: numbers[0]! }, messages, newId);
    });
  }

  private async fillWaitlist(
    place: Row,
    { prefix, bookings, waiting }: EventContents,
  ): Promise<void> {
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
      const messages = entries.map(({ id: entryId, user_id: userId }) => ({
        type: 'waitlist.joined',
        payload: { entryId, userId, quantity: 1 },
      }));
      await this.insertMessages({ ...place, sequence: bookings + numbers[0]! }, messages, newId);
    });
  }

  /** @param first place and sequence of the first message */
  private async insertMessages(
    first: Row & { readonly sequence: number },
    messages: readonly Message[],
    newId: () => string,
  ): Promise<void> {
    const rows: Row[] = [];
    for (let done = 0; done < messages.length; done += MESSAGES_PER_ROW) {
      const payload = JSON.stringify(messages.slice(done, done + MESSAGES_PER_ROW));
      rows.push({ ...first, id: newId(), sequence: first.sequence + done, payload });
    }
    await this.insert('outbox_messages', rows);
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

  /** The numbers count from 1. */
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

/** Ids in ascending order, as they would have been created over time. */
function ascendingIds(): () => string {
  let time = Date.now() - 100_000_000;
  return () => uuidV7((time += 1));
}
