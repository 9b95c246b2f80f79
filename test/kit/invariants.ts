import { connectTo } from './connect.js';
import { replayHistory, type Violation } from './history.js';
import { type Ask, type OutboxMessage, readOutbox } from './outbox.js';

/** Promises that the database breaks at this moment. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';

  constructor(readonly violations: readonly Violation[]) {
    const rules = [...new Set(violations.map(({ rule }) => rule))];
    const lines = rules.map((rule) => {
      const broken = violations.filter((one) => one.rule === rule);
      return `  ${rule}: broken ${broken.length} times, e.g. by ${JSON.stringify(broken[0])}`;
    });
    super(`Broken promises:\n${lines.join('\n')}`);
  }
}

/** The number of rows checked, so that a test can see that there was something to check. */
export interface InvariantReport {
  readonly sections: number;
  readonly booked: number;
  readonly waiting: number;
  readonly messages: number;
}

/** Rows of one kind with their places, and when these end. */
const placesIn = (table: string, status: string, endsAt = 'NULL'): string => `
  SELECT limited.sectionId, limited.most, mine.user_id, mine.created_at,
         CASE mine.status WHEN '${status}' THEN mine.quantity ELSE 0 END AS places,
         ${endsAt} AS ends_at
    FROM limited JOIN sections section ON section.event_id = limited.event_id
    JOIN ${table} mine ON mine.section_id = section.id`;

/**
 * For limits that existed from the start, except in the given events, where they changed. When people last took places, they were
 * within the limit, and since then they can only have lost some. Holds that had expired by then did
 * not count, whether or not their rows say so; therefore no clock is needed.
 */
const OVER_LIMIT = `
  WITH limited AS (
    SELECT event_id, MIN(id) AS sectionId, MAX(max_per_person) AS most FROM sections
     WHERE event_id NOT IN (?)
     GROUP BY event_id HAVING COUNT(*) = COUNT(max_per_person)),
  mine AS (${[
    placesIn('bookings', 'CONFIRMED'),
    placesIn('holds', 'HELD', 'mine.expires_at'),
    placesIn('waitlist_entries', 'WAITING'),
  ].join(' UNION ALL ')}),
  dated AS (
    SELECT mine.*, MAX(created_at) OVER (PARTITION BY sectionId, user_id) AS last_taken FROM mine)
  SELECT sectionId, user_id AS userId, most, SUM(places) AS places
    FROM dated WHERE ends_at IS NULL OR ends_at > last_taken
   GROUP BY sectionId, user_id, most HAVING SUM(places) > most`;

/** Each query returns what breaks the rule: nothing, if all is well. */
const RULES: Readonly<Record<string, string>> = {
  'booked + held + available = capacity': `
    SELECT id AS sectionId, capacity, booked, held, available FROM sections
     WHERE CAST(booked AS SIGNED) + held + available <> capacity`,
  'booked = tickets BOOKED': `
    SELECT section.id AS sectionId, section.booked, COUNT(ticket.id) AS tickets
      FROM sections section
      LEFT JOIN bookings booking ON booking.section_id = section.id
      LEFT JOIN tickets ticket ON ticket.booking_id = booking.id AND ticket.status = 'BOOKED'
     GROUP BY section.id, section.booked HAVING section.booked <> COUNT(ticket.id)`,
  'bookings counter = bookings CONFIRMED': `
    SELECT section.id AS sectionId, section.bookings, COUNT(booking.id) AS confirmed
      FROM sections section
      LEFT JOIN bookings booking ON booking.section_id = section.id AND booking.status = 'CONFIRMED'
     GROUP BY section.id, section.bookings HAVING section.bookings <> COUNT(booking.id)`,
  'quantity of a booking = its tickets BOOKED': `
    SELECT booking.section_id AS sectionId, booking.id, booking.quantity, COUNT(ticket.id) AS tickets
      FROM bookings booking
      LEFT JOIN tickets ticket ON ticket.booking_id = booking.id AND ticket.status = 'BOOKED'
     GROUP BY booking.section_id, booking.id, booking.quantity
    HAVING booking.quantity <> COUNT(ticket.id)`,
  'waiting = entries WAITING': `
    SELECT section.id AS sectionId, section.waiting, COUNT(entry.id) AS entries
      FROM sections section
      LEFT JOIN waitlist_entries entry
        ON entry.section_id = section.id AND entry.status = 'WAITING'
     GROUP BY section.id, section.waiting HAVING section.waiting <> COUNT(entry.id)`,
  'waitlist counts = entries WAITING in each block of 1,024': `
    SELECT section.id AS sectionId, counted.block, SUM(counted.waiting) AS excess
      FROM (SELECT section_id, block, waiting FROM waitlist_counts
             UNION ALL
            SELECT section_id, seq DIV 1024, -1 FROM waitlist_entries WHERE status = 'WAITING'
           ) counted
      JOIN sections section
        ON section.id = counted.section_id AND section.counted_version = section.version
     GROUP BY section.id, counted.block HAVING SUM(counted.waiting) <> 0`,
  'held = places of holds HELD': `
    SELECT section.id AS sectionId, section.held, COALESCE(SUM(hold.quantity), 0) AS holds
      FROM sections section
      LEFT JOIN holds hold ON hold.section_id = section.id AND hold.status = 'HELD'
     GROUP BY section.id, section.held HAVING section.held <> COALESCE(SUM(hold.quantity), 0)`,
  'no hold expires before the expiry recorded on its section': `
    SELECT section.id AS sectionId, section.holds_expire_at, hold.expires_at
      FROM sections section
      JOIN holds hold ON hold.section_id = section.id AND hold.status = 'HELD'
     WHERE section.holds_expire_at IS NULL OR section.holds_expire_at > hold.expires_at`,
  'entries OFFERED = holds HELD for an entry': `
    SELECT entry.section_id AS sectionId, entry.id, entry.status, hold.status AS hold
      FROM waitlist_entries entry
      LEFT JOIN holds hold ON hold.id = entry.hold_id AND hold.waitlist_entry_id = entry.id
     WHERE entry.status = 'OFFERED' AND COALESCE(hold.status, 'none') <> 'HELD'
     UNION ALL
    SELECT hold.section_id, hold.id, hold.status, entry.status
      FROM holds hold JOIN waitlist_entries entry ON entry.id = hold.waitlist_entry_id
     WHERE hold.status = 'HELD' AND (entry.status <> 'OFFERED' OR entry.hold_id <> hold.id)`,
  'status of a seat = that of its ticket or hold': `
    SELECT seat.section_id AS sectionId, seat.id, seat.status, sold.ticket_id, hold.status AS hold
      FROM seats seat
      LEFT JOIN booked_seats sold ON sold.id = seat.id
      LEFT JOIN tickets ticket
        ON ticket.id = sold.ticket_id AND ticket.status = 'BOOKED' AND ticket.seat_id = seat.id
      LEFT JOIN holds hold ON hold.id = seat.hold_id AND hold.status = 'HELD'
     WHERE (seat.status = 'BOOKED') <> (ticket.id IS NOT NULL)
        OR (sold.id IS NOT NULL) <> (ticket.id IS NOT NULL)
        OR (seat.status = 'HELD') <> (hold.id IS NOT NULL)`,
  'available = seats AVAILABLE': `
    SELECT section.id AS sectionId, section.available, COUNT(seat.id) AS free
      FROM sections section
      LEFT JOIN seats seat ON seat.section_id = section.id AND seat.status = 'AVAILABLE'
     WHERE section.is_seated = 1
     GROUP BY section.id, section.available HAVING section.available <> COUNT(seat.id)`,
  'no place is free while the head of the waitlist fits': `
    SELECT section.id AS sectionId, section.available, head.quantity, head.seq
      FROM sections section
      JOIN (SELECT section_id, MIN(seq) AS seq FROM waitlist_entries
             WHERE status = 'WAITING' GROUP BY section_id) first ON first.section_id = section.id
      JOIN waitlist_entries head
        ON head.section_id = first.section_id AND head.status = 'WAITING' AND head.seq = first.seq
     WHERE head.quantity <= section.available AND section.sales = 'OPEN'`,
  'no place is free with fit skip while any entry fits': `
    SELECT section.id AS sectionId, section.available, entry.id, entry.quantity
      FROM sections section
      JOIN waitlist_entries entry ON entry.section_id = section.id AND entry.status = 'WAITING'
     WHERE section.fit = 'skip' AND section.sales = 'OPEN'
       AND entry.quantity <= section.available`,
  'a promoted entry has exactly one booking': `
    SELECT entry.section_id AS sectionId, entry.id, COUNT(booking.id) AS bookings
      FROM waitlist_entries entry
      LEFT JOIN bookings booking ON booking.waitlist_entry_id = entry.id
     GROUP BY entry.section_id, entry.id, entry.status
    HAVING COUNT(booking.id) <> (entry.status = 'PROMOTED')`,
};

/** In all sections but the given ones, whose fit changed: skip leaves entries behind, even after it has ended. */
const OUT_OF_ORDER = `
    SELECT section_id AS sectionId, MIN(CASE status WHEN 'WAITING' THEN seq END) AS waits,
           MAX(CASE status WHEN 'PROMOTED' THEN seq END) AS promoted
      FROM waitlist_entries
     WHERE section_id IN (SELECT id FROM sections WHERE fit = 'strict')
       AND section_id NOT IN (?)
     GROUP BY section_id
    HAVING MIN(CASE status WHEN 'WAITING' THEN seq END)
         < MAX(CASE status WHEN 'PROMOTED' THEN seq END)`;

interface UnchangedRule {
  readonly sql: string;
  readonly setting: 'fit' | 'maxPerPerson';
  readonly of: 'sectionId' | 'eventId';
}

/** Rules that hold unless a setting was changed; `?` stands for the ids of where it was. */
const UNCHANGED_RULES: Readonly<Record<string, UnchangedRule>> = {
  'no entry waits that is older than a promoted one': {
    sql: OUT_OF_ORDER,
    setting: 'fit',
    of: 'sectionId',
  },
  'nobody has more than one person may in a whole event': {
    sql: OVER_LIMIT,
    setting: 'maxPerPerson',
    of: 'eventId',
  },
};

/**
 * Checks the promises of docs/invariants.md against the rows: counters agree with what they count,
 * no place is free while the head of the waitlist fits, and nobody ever overtook in the history of
 * the outbox. Reads one snapshot, so it may be called in the middle of a storm.
 *
 * @param databaseUrl of a database of the service, e.g. `mysql://root@localhost/rowlock?socketPath=…`
 * @throws {InvariantError} naming every rule that is broken, and where
 */
export async function assertInvariants(databaseUrl: string): Promise<InvariantReport> {
  const connection = await connectTo(databaseUrl);
  try {
    await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT');
    return await check(async <Row>(sql: string, parameters: unknown[] = []) => {
      return (await connection.query(sql, parameters))[0] as Row[];
    });
  } finally {
    await connection.end();
  }
}

async function check(query: Ask): Promise<InvariantReport> {
  const messages = await readOutbox({ query });
  const ofSections = messages.filter(({ sectionId }) => sectionId !== null);
  const sections = await query<{
    id: string;
    version: number;
    capacity: number;
    booked: number;
    waiting: number;
    fit: 'strict' | 'skip';
    sales: 'OPEN' | 'CLOSED';
  }>('SELECT id, version, capacity, booked, waiting, fit, sales FROM sections');
  const violations = await brokenRules(query, ofSections);
  violations.push(...replayHistory(sections, ofSections));
  if (violations.length > 0) throw new InvariantError(violations);
  return {
    sections: sections.length,
    booked: sections.reduce((sum, section) => sum + section.booked, 0),
    waiting: sections.reduce((sum, section) => sum + section.waiting, 0),
    messages: ofSections.length,
  };
}

async function brokenRules(query: Ask, messages: readonly OutboxMessage[]): Promise<Violation[]> {
  const violations: Violation[] = [];
  const tryRule = async (rule: string, sql: string, parameters: unknown[] = []): Promise<void> => {
    for (const { sectionId, ...facts } of await query<{ sectionId: string }>(sql, parameters)) {
      violations.push({ rule, sectionId, facts });
    }
  };
  for (const [rule, sql] of Object.entries(RULES)) await tryRule(rule, sql);
  for (const [rule, { sql, setting, of }] of Object.entries(UNCHANGED_RULES)) {
    const changed = messages.filter(
      ({ type, payload }) => type === 'section.configured' && setting in payload,
    );
    // SQL has no empty list.
    await tryRule(rule, sql, [['', ...new Set(changed.map((message) => message[of]))]]);
  }
  return violations;
}
