import fastify from 'fastify';
import mysql from 'mysql2/promise';
import { parseDatabaseUrl } from '../../src/platform/config/database-url.js';
import { uuidV7 } from '../../src/platform/common/uuid-v7.js';
import type { BookAnswer } from './shared/booking-api.js';

const LANES = 4;
const BATCH_MAX = 256;

/** Only what a booking is: no sections, outbox, waitlist or foreign keys, and no index but the unique ones. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS ceiling_events (id CHAR(36) PRIMARY KEY, available INT NOT NULL);
  CREATE TABLE IF NOT EXISTS ceiling_users
    (id CHAR(36) PRIMARY KEY, identifier VARCHAR(255) NOT NULL UNIQUE);
  CREATE TABLE IF NOT EXISTS ceiling_bookings
    (id CHAR(36) PRIMARY KEY, event_id CHAR(36) NOT NULL, user_id CHAR(36) NOT NULL,
     quantity INT NOT NULL, status VARCHAR(16) NOT NULL);
  CREATE TABLE IF NOT EXISTS ceiling_tickets
    (id CHAR(36) PRIMARY KEY, event_id CHAR(36) NOT NULL, user_id CHAR(36) NOT NULL,
     booking_id CHAR(36) NOT NULL, status VARCHAR(16) NOT NULL)`;

/** The service opens the events. */
const COPY_EVENT = `
  INSERT IGNORE INTO ceiling_events SELECT event_id, available FROM sections WHERE event_id = ?`;

const LOCK = 'SELECT id FROM ceiling_events WHERE id IN (?) ORDER BY id FOR UPDATE';
const TAKE = 'UPDATE ceiling_events SET available = available - ? WHERE id = ?';

interface Body {
  readonly eventId: string;
  readonly identifier: string;
}

interface Waiter extends Body {
  readonly userId: string;
  readonly bookingId: string;
  readonly ticketId: string;
  readonly resolve: (answer: BookAnswer) => void;
  readonly reject: (error: unknown) => void;
}

const { username: user, ...address } = parseDatabaseUrl(process.env['DATABASE_URL']!);
const pool = mysql.createPool({
  ...address,
  user,
  multipleStatements: true,
  connectionLimit: LANES,
});
pool.pool.on('connection', (connection) => {
  connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
});

/** Runs one transaction at a time; requests that arrive meanwhile form the next batch. */
class Lane {
  private readonly waiting: Waiter[] = [];
  private isBusy = false;

  add(waiter: Waiter): void {
    this.waiting.push(waiter);
    if (!this.isBusy) void this.work();
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH_MAX);
      try {
        await commit(batch);
        for (const one of batch) one.resolve(answerTo(one));
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.isBusy = false;
  }
}

async function commit(batch: readonly Waiter[]): Promise<void> {
  const taken = new Map<string, number>();
  for (const { eventId } of batch) taken.set(eventId, (taken.get(eventId) ?? 0) + 1);
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION');
    const users = batch.map((one) => [one.userId, one.identifier]);
    await connection.query('INSERT IGNORE INTO ceiling_users VALUES ?', [users]);
    await connection.query(LOCK, [[...taken.keys()]]);
    const bookings = batch.map((one) => [one.bookingId, one.eventId, one.userId, 1, 'CONFIRMED']);
    await connection.query('INSERT INTO ceiling_bookings VALUES ?', [bookings]);
    const tickets = batch.map((one) => {
      return [one.ticketId, one.eventId, one.userId, one.bookingId, 'BOOKED'];
    });
    await connection.query('INSERT INTO ceiling_tickets VALUES ?', [tickets]);
    for (const [eventId, count] of taken) await connection.query(TAKE, [count, eventId]);
    await connection.query('COMMIT');
    connection.release();
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

const answerTo = ({ bookingId, ticketId, eventId, userId }: Waiter): BookAnswer => ({
  waitlisted: false,
  bookingId,
  tickets: [{ id: ticketId, eventId, userId, status: 'BOOKED' }],
});

const lanes = Array.from({ length: LANES }, () => new Lane());
const laneOf = (id: string): Lane => lanes[Number.parseInt(id.slice(-2), 16) % LANES]!;

const book = ({ eventId, identifier }: Body): Promise<BookAnswer> =>
  new Promise((resolve, reject) => {
    const ids = { userId: uuidV7(), bookingId: uuidV7(), ticketId: uuidV7() };
    laneOf(eventId).add({ eventId, identifier, ...ids, resolve, reject });
  });

const known = new Set<string>();
const copying = new Map<string, Promise<void>>();

/** Requests for a new event share one copy. */
function copyEvent(eventId: string): Promise<void> {
  const begun = copying.get(eventId);
  if (begun !== undefined) return begun;
  const copy = pool.query(COPY_EVENT, [eventId]).then(() => void known.add(eventId));
  copying.set(eventId, copy);
  return copy;
}

/**
 * The ceiling: bookings in batches on bare Fastify and mysql2, and nothing else: no framework, ORM, validation,
 * log, rate limiter, outbox, waitlist or retries. It does not even know when an event is sold out.
 */
const app = fastify();
app.get('/health/live', () => ({ status: 'up' }));
app.post<{ Body: Body }>('/book', ({ body }, reply) => {
  reply.code(201);
  return known.has(body.eventId) ? book(body) : copyEvent(body.eventId).then(() => book(body));
});

async function start(): Promise<void> {
  await pool.query(TABLES);
  await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
}

void start();
