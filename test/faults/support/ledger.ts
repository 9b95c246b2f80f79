import type { Answer, TestDatabase } from '../../kit/index.js';

/** 503s after which nothing has changed, and the one after which it may have. */
const NOTHING_CHANGED = ['lock_timeout', 'read_timeout', 'database_unavailable', 'overloaded'];
const MAY_HAVE_CHANGED = 'outcome_unknown';

/** How many places and waitlist entries, together, a person may have. */
interface Bounds {
  least: number;
  most: number;
}

/**
 * The answers of the service, to be compared with its database: acknowledged bookings must exist,
 * refused ones must not, and those without a definite answer may exist once.
 */
export class ClientLedger {
  readonly counts = { acknowledged: 0, refused: 0, unknown: 0 };
  /** People whose bookings got no definite answer. */
  readonly unanswered: string[] = [];
  private readonly people = new Map<string, Bounds>();

  /** Records the answer to a request; `change` is one place more or less. */
  async enter(identifier: string, change: 1 | -1, request: Promise<Answer>): Promise<boolean> {
    const answer = await request.catch(() => undefined);
    const bounds = this.boundsOf(identifier);
    if (answer === undefined || answer.body.code === MAY_HAVE_CHANGED) {
      this.counts.unknown += 1;
      this.unanswered.push(identifier);
      if (change > 0) bounds.most += 1;
      else bounds.least -= 1;
    } else if (answer.status < 300) {
      this.counts.acknowledged += 1;
      bounds.least += change;
      bounds.most += change;
      return true;
    } else {
      this.counts.refused += 1;
      expect(answer.status).toBe(503);
      expect(NOTHING_CHANGED).toContain(answer.body.code);
    }
    if (answer !== undefined) expectRefusal(answer);
    return false;
  }

  /** Records the answer to a retry, with the same idempotency key, of an unanswered request. */
  async enterRepeated(
    identifier: string,
    request: Promise<Answer>,
    change: 1 | -1 = 1,
  ): Promise<void> {
    expect((await request).status).toBe(change > 0 ? 201 : 200);
    // Whether or not it had happened before, it has certainly happened once by now.
    if (change > 0) this.boundsOf(identifier).least += 1;
    else this.boundsOf(identifier).most -= 1;
  }

  /** Compares the ledger with the places that each person has in the database. */
  async compare(database: Pick<TestDatabase, 'query'>, eventId: string): Promise<void> {
    const rows = await database.query<{ identifier: string; places: string | number }>(HELD, [
      eventId,
      eventId,
    ]);
    const held = new Map(rows.map((row) => [row.identifier, Number(row.places)]));
    const wrong = [...new Set([...this.people.keys(), ...held.keys()])]
      .map((identifier) => ({
        identifier,
        held: held.get(identifier) ?? 0,
        told: this.boundsOf(identifier),
      }))
      .filter(({ held: places, told }) => places < told.least || places > told.most);
    expect(wrong).toEqual([]);
  }

  private boundsOf(identifier: string): Bounds {
    const bounds = this.people.get(identifier) ?? { least: 0, most: 0 };
    this.people.set(identifier, bounds);
    return bounds;
  }
}

const HELD = `
  SELECT user.identifier, SUM(held.places) AS places
    FROM users user
    JOIN (SELECT booking.user_id, COUNT(*) AS places
            FROM bookings booking
            JOIN tickets ticket ON ticket.booking_id = booking.id AND ticket.status = 'BOOKED'
           WHERE booking.event_id = ? GROUP BY booking.user_id
          UNION ALL
          SELECT user_id, COUNT(*) AS places FROM waitlist_entries
           WHERE event_id = ? AND status = 'WAITING' GROUP BY user_id) held
      ON held.user_id = user.id
   GROUP BY user.identifier`;

function expectRefusal(answer: Answer): void {
  expect(answer.status).toBe(503);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
}
