import fastify from 'fastify';
import mysql from 'mysql2/promise';
import { parseDatabaseUrl } from '../../src/platform/config/database-url.js';
import { uuidV7 } from '../../src/platform/common/uuid-v7.js';
import { commitBatch, type Request } from './shared/raw-batch.js';

const LANES = 4;
const BATCH_MAX = 256;

interface Waiter extends Request {
  /** Takes the id of the person, if the booking was made. */
  readonly resolve: (userId: string | undefined) => void;
  readonly reject: (error: unknown) => void;
}

const { username: user, ...address } = parseDatabaseUrl(process.env['DATABASE_URL']!);
const pool = mysql.createPool({
  ...address,
  user,
  timezone: 'Z',
  multipleStatements: true,
  connectionLimit: LANES,
});
pool.pool.on('connection', (connection) => {
  connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
});

/** One transaction under way; whatever arrives meanwhile is the next batch. */
class Lane {
  private readonly waiting: Waiter[] = [];
  private isBusy = false;

  book(request: Request): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ...request, resolve, reject });
      if (!this.isBusy) void this.work();
    });
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, BATCH_MAX);
      try {
        const booked = await commitBatch(pool, batch);
        for (const one of batch) one.resolve(booked.get(one.bookingId));
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.isBusy = false;
  }
}

const lanes = Array.from({ length: LANES }, () => new Lane());
const laneOf = (id: string): Lane => lanes[Number.parseInt(id.slice(-2), 16) % LANES]!;

const sections = new Map<string, string>();

async function sectionOf(eventId: string): Promise<string> {
  const known = sections.get(eventId);
  if (known !== undefined) return known;
  const [rows] = await pool.query<mysql.RowDataPacket[]>(
    'SELECT id FROM sections WHERE event_id = ?',
    [eventId],
  );
  const { id } = rows[0] as { id: string };
  sections.set(eventId, id);
  return id;
}

interface Body {
  readonly eventId: string;
  readonly identifier: string;
}

/**
 * The ceiling: what this machine, this database and this batching can do when nothing else is done.
 * The product's SQL in batches on bare Fastify and mysql2: no framework, no ORM, no validation, no
 * log, no limiter, no waiting list, no retries.
 */
const app = fastify();
app.get('/health/live', () => ({ status: 'up' }));
app.post<{ Body: Body }>('/book', async ({ body: { eventId, identifier } }, reply) => {
  const sectionId = await sectionOf(eventId);
  const ids = { userId: uuidV7(), bookingId: uuidV7(), ticketId: uuidV7(), messageId: uuidV7() };
  const request = { eventId, sectionId, identifier, ...ids };
  const userId = await laneOf(sectionId).book(request);
  if (userId === undefined) return reply.code(409).send({ code: 'sold_out' });
  const ticket = { id: ids.ticketId, eventId, userId, status: 'BOOKED' };
  return reply.code(201).send({ waitlisted: false, bookingId: ids.bookingId, tickets: [ticket] });
});
void app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
