import { Injectable } from '@nestjs/common';
import { Reads, SharedReads } from '../platform/index.js';
import type { EventStatusResponse, SectionStatusResponse } from './dto.js';
import type { EventStatus } from './event.entity.js';

/** One statement, so that all its counters are of the same moment. */
const STATUS = `
  SELECT event.name AS eventName, event.status, event.version AS eventVersion, section.id,
         section.name, section.capacity, section.booked, section.held, section.available,
         section.bookings, section.waiting, section.version
    FROM events event JOIN sections section ON section.event_id = event.id
   WHERE event.id = ? ORDER BY section.created_at, section.id`;

interface StatusRow {
  readonly eventName: string;
  readonly status: EventStatus;
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

/** Reads, straight into answers. */
@Injectable()
export class EventsQueries {
  private readonly shared: SharedReads<string | undefined>;

  constructor(reads: Reads) {
    this.shared = new SharedReads(async (eventId) => {
      const rows = await reads.query<StatusRow>(STATUS, [eventId]);
      return rows.length === 0 ? undefined : JSON.stringify(toStatus(eventId, rows));
    });
  }

  /** @returns EventStatusResponse as JSON, made once for all who ask; undefined if there is no such event */
  findStatus(eventId: string): Promise<string | undefined> {
    return this.shared.get(eventId);
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
