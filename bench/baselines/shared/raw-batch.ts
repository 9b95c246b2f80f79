import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise';

/** A booking of one ticket, with the ids of the rows to insert. */
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
 * Runs the same statements as the service's batch, in the same order and the same three packets.
 *
 * @returns the user id of each booking made, by booking id
 */
export async function commitBatch(
  pool: Pool,
  requests: readonly Request[],
): Promise<ReadonlyMap<string, string>> {
  const connection = await pool.getConnection();
  try {
    const { sections, users } = await lock(connection, requests);
    const booked = requests.flatMap((request) => bookOne(request, sections, users) ?? []);
    const { rows, messages } = insertsFor(booked);
    const changes = [...rows, updateOf([...sections.values()]), ...messages];
    await connection.query(
      changes.map((change) => change.sql).join(';\n'),
      changes.flatMap((change) => change.parameters),
    );
    await connection.query('COMMIT');
    connection.release();
    return new Map(booked.map((one) => [one.bookingId, one.userId]));
  } catch (error) {
    connection.destroy();
    throw error;
  }
}

async function lock(
  connection: PoolConnection,
  requests: readonly Request[],
): Promise<{ sections: Map<string, Section>; users: Map<string, string> }> {
  const ids = [...new Set(requests.map((request) => request.sectionId))];
  const identifiers = requests.map((request) => request.identifier);
  const [[, sections, users]] = await connection.query<RowDataPacket[][]>(
    `START TRANSACTION;\n${LOCK};\nSELECT id, identifier FROM users WHERE identifier IN (?)`,
    [ids, identifiers],
  );
  return {
    sections: new Map((sections as Section[]).map((row) => [row.id, row])),
    users: new Map(users!.map((row) => [row['identifier'] as string, row['id'] as string])),
  };
}

type Booked = Request & { readonly isNewUser: boolean; readonly sequence: number };

function bookOne(
  request: Request,
  sections: ReadonlyMap<string, Section>,
  users: Map<string, string>,
): Booked | undefined {
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

interface Change {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

const insert = (table: string, columns: string, rows: readonly unknown[][]): Change[] =>
  rows.length === 0
    ? []
    : [{ sql: `INSERT INTO ${table} (${columns}) VALUES ?`, parameters: [rows] }];

function insertsFor(booked: readonly Booked[]): { rows: Change[]; messages: Change[] } {
  const now = new Date();
  const newcomers = booked.filter((one) => one.isNewUser);
  const users = insert(
    'users',
    'id, identifier, created_at',
    newcomers
      .toSorted((a, b) => (a.identifier < b.identifier ? -1 : 1))
      .map((one) => [one.userId, one.identifier, now]),
  );
  const bookings = insert(
    'bookings',
    'id, event_id, section_id, user_id, quantity, status, waitlist_entry_id, created_at, cancelled_at',
    booked.map((one) => {
      const { bookingId, eventId, sectionId, userId } = one;
      return [bookingId, eventId, sectionId, userId, 1, 'CONFIRMED', null, now, null];
    }),
  );
  const tickets = insert(
    'tickets',
    'id, event_id, booking_id, status, cancelled_at',
    booked.map((one) => [one.ticketId, one.eventId, one.bookingId, 'BOOKED', null]),
  );
  const messages = insert(
    'outbox_messages',
    'id, event_id, section_id, sequence, type, payload, created_at',
    booked.map((one) => {
      const { messageId, eventId, sectionId, sequence, bookingId, userId } = one;
      const payload = JSON.stringify({ bookingId, userId, quantity: 1, waitlistEntryId: null });
      return [messageId, eventId, sectionId, sequence, 'booking.confirmed', payload, now];
    }),
  );
  return { rows: [...users, ...bookings, ...tickets], messages };
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

function updateOf(sections: readonly Section[]): Change {
  const whens = ' WHEN ? THEN ?'.repeat(sections.length);
  const assignments = COUNTERS.map((column) => `${column} = CASE id${whens} END`);
  const values = COUNTERS.flatMap((column) => sections.flatMap((one) => [one.id, one[column]]));
  const ids = sections.map((section) => section.id);
  const sql = `UPDATE sections SET ${assignments.join(', ')} WHERE id IN (?)`;
  return { sql, parameters: [...values, ids] };
}
