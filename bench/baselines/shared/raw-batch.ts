import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';

/** A booking of one place; the ids are those that its rows will have. */
export interface Request {
  readonly eventId: string;
  readonly sectionId: string;
  readonly identifier: string;
  readonly userId: string;
  readonly bookingId: string;
  readonly ticketId: string;
  readonly messageId: string;
}

interface Section {
  readonly id: string;
  booked: number;
  held: number;
  available: number;
  bookings: number;
  waiting: number;
  last_seq: number;
  version: number;
}

const LOCK = `
  SELECT id, event_id, sales, capacity, booked, held, available, bookings, waiting, last_seq, version
    FROM sections WHERE id IN (?) ORDER BY id FOR UPDATE`;

/**
 * Every statement of the product's batch, in its order.
 *
 * @returns whose the bookings are that were made, by their ids
 */
export async function commitBatch(
  pool: Pool,
  requests: readonly Request[],
): Promise<ReadonlyMap<string, string>> {
  const connection = await pool.getConnection();
  try {
    await connection.query('START TRANSACTION');
    const sections = await lock(connection, requests);
    const users = await knownUsers(connection, requests);
    const taken = requests.flatMap((request) => take(request, sections, users) ?? []);
    await write(connection, taken);
    await updateSections(connection, [...sections.values()]);
    await connection.query('COMMIT');
    connection.release();
    return new Map(taken.map((one) => [one.bookingId, one.userId]));
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

async function lock(
  connection: PoolConnection,
  requests: readonly Request[],
): Promise<Map<string, Section>> {
  const ids = [...new Set(requests.map((request) => request.sectionId))];
  const [rows] = await connection.query<RowDataPacket[]>(LOCK, [ids]);
  return new Map((rows as Section[]).map((row) => [row.id, row]));
}

async function knownUsers(
  connection: PoolConnection,
  requests: readonly Request[],
): Promise<Map<string, string>> {
  const identifiers = requests.map((request) => request.identifier);
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT id, identifier FROM users WHERE identifier IN (?)',
    [identifiers],
  );
  return new Map(rows.map((row) => [row['identifier'] as string, row['id'] as string]));
}

type Taken = Request & { readonly isNewUser: boolean; readonly sequence: number };

function take(
  request: Request,
  sections: ReadonlyMap<string, Section>,
  users: Map<string, string>,
): Taken | undefined {
  const section = sections.get(request.sectionId)!;
  if (section.waiting > 0 || section.available === 0) return undefined;
  section.available -= 1;
  section.booked += 1;
  section.bookings += 1;
  section.version += 1;
  const known = users.get(request.identifier);
  users.set(request.identifier, known ?? request.userId);
  const userId = known ?? request.userId;
  return { ...request, userId, isNewUser: known === undefined, sequence: section.version };
}

async function write(connection: PoolConnection, taken: readonly Taken[]): Promise<void> {
  const now = new Date();
  const insert = async (table: string, columns: string, rows: unknown[][]): Promise<void> => {
    if (rows.length === 0) return;
    await connection.query(`INSERT INTO ${table} (${columns}) VALUES ?`, [rows]);
  };
  const newcomers = taken.filter((one) => one.isNewUser);
  await insert(
    'users',
    'id, identifier, created_at',
    newcomers
      .toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1))
      .map((one) => [one.userId, one.identifier, now]),
  );
  await insert(
    'bookings',
    'id, event_id, section_id, user_id, quantity, status, waitlist_entry_id, created_at, cancelled_at',
    taken.map((one) => {
      const { bookingId, eventId, sectionId, userId } = one;
      return [bookingId, eventId, sectionId, userId, 1, 'CONFIRMED', null, now, null];
    }),
  );
  await insert(
    'tickets',
    'id, event_id, booking_id, status, cancelled_at',
    taken.map((one) => [one.ticketId, one.eventId, one.bookingId, 'BOOKED', null]),
  );
  await insert(
    'outbox_messages',
    'id, event_id, section_id, sequence, type, payload, created_at',
    taken.map((one) => {
      const { messageId, eventId, sectionId, sequence, bookingId, userId } = one;
      const payload = JSON.stringify({ bookingId, userId, quantity: 1, waitlistEntryId: null });
      return [messageId, eventId, sectionId, sequence, 'booking.confirmed', payload, now];
    }),
  );
}

const COUNTERS = [
  'booked',
  'held',
  'available',
  'bookings',
  'waiting',
  'last_seq',
  'version',
] as const;

async function updateSections(
  connection: PoolConnection,
  sections: readonly Section[],
): Promise<void> {
  const whens = ' WHEN ? THEN ?'.repeat(sections.length);
  const assignments = COUNTERS.map((column) => `${column} = CASE id${whens} END`);
  const values = COUNTERS.flatMap((column) => sections.flatMap((one) => [one.id, one[column]]));
  const ids = sections.map((section) => section.id);
  await connection.query(`UPDATE sections SET ${assignments.join(', ')} WHERE id IN (?)`, [
    ...values,
    ids,
  ]);
}
