import { Inject, Injectable } from '@nestjs/common';
import { isUuid } from '../platform/common/index.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { CoalescedReads, DatabaseReader } from '../platform/database/index.js';
import { DomainError } from '../platform/errors/index.js';
import type { EventStatusResponse, SectionStatusResponse } from './dto/event.dto.js';
import type { EventStatus } from './event.entity.js';
import { PUBLISHED_AT } from './events.repository.js';

/** One statement, so that all counters are of one moment. */
const STATUS = `
  SELECT event.name AS eventName, event.status, ${PUBLISHED_AT} AS publishedAt,
         event.version AS eventVersion, section.id,
         section.name, section.capacity, section.booked, section.held, section.available,
         section.bookings, section.waiting, section.version
    FROM events event JOIN sections section ON section.event_id = event.id
   WHERE event.id = ? ORDER BY section.created_at, section.id`;

interface StatusRow {
  readonly eventName: string;
  readonly status: EventStatus;
  readonly publishedAt: Date | null;
  readonly eventVersion: number;
  readonly id: string;
  readonly name: string;
  readonly capacity: number;
  readonly booked: number;
  readonly held: number;
  readonly available: number;
  readonly bookings: number;
  readonly waiting: number;
  readonly version: string;
}

/** The counters of events, read once for all requests that arrive meanwhile. */
@Injectable()
export class EventStatusQueries {
  private readonly shared: CoalescedReads<string | undefined>;

  constructor(reads: DatabaseReader, @Inject(CONFIG) { AUTH_MODE }: Pick<Config, 'AUTH_MODE'>) {
    this.shared = new CoalescedReads(async (eventId) => {
      const rows = await reads.query<StatusRow>(STATUS, [eventId]);
      const [event] = rows;
      if (event === undefined) return undefined;
      // The endpoint needs no key, and only its organiser may know of an event that was never on sale.
      if (AUTH_MODE === 'keys' && event.publishedAt === null) return undefined;
      return JSON.stringify(toStatus(eventId, rows));
    });
  }

  /**
   * @returns EventStatusResponse as JSON, serialised once for all requests that share the read
   * @throws {DomainError} `event_not_found`, with API keys also for an event that was never published
   */
  async getStatus(eventId: string): Promise<string> {
    const status = isUuid(eventId) ? await this.shared.get(eventId) : undefined;
    if (status === undefined) throw new DomainError('event_not_found');
    return status;
  }
}

function toStatus(eventId: string, rows: readonly StatusRow[]): EventStatusResponse {
  const { eventName, status, eventVersion } = rows[0]!;
  const sum = (pick: (row: StatusRow) => number) =>
    rows.reduce((total, row) => total + pick(row), 0);
  return {
    eventId,
    name: eventName,
    status,
    totalTickets: sum((row) => row.capacity),
    availableTickets: sum((row) => row.available),
    bookedTickets: sum((row) => row.booked),
    heldTickets: sum((row) => row.held),
    waitingListCount: sum((row) => row.waiting),
    bookingCount: sum((row) => row.bookings),
    version: eventVersion + sum((row) => Number(row.version)),
    sections: rows.map(toSectionStatus),
  };
}

const toSectionStatus = (row: StatusRow): SectionStatusResponse => ({
  id: row.id,
  name: row.name,
  capacity: row.capacity,
  availableTickets: row.available,
  bookedTickets: row.booked,
  heldTickets: row.held,
  waitingListCount: row.waiting,
});
