import { Inject, Injectable } from '@nestjs/common';
import { eventNotFound } from '../allocation/index.js';
import { type Caller, limitOf, type Page, pageOf } from '../platform/http/index.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { isUuid } from '../platform/common/index.js';
import { DatabaseReader, CoalescedReads } from '../platform/database/index.js';
import type { ChangedEvent } from './event-change.js';
import { type EventRow, eventResponse } from './event.mappers.js';
import { EventsRepository, SELECT_EVENTS } from './events.repository.js';
import type { EventResponse, EventStatusResponse, SectionStatusResponse } from './dto/event.dto.js';
import type { ListQuery } from './dto/list-events.dto.js';
import { keysOfEvent, listStatement } from './events-list.query.js';
import type { EventStatus } from './event.entity.js';

/** One statement, so that all its counters are of the same moment. */
const STATUS = `
  SELECT event.name AS eventName, event.status, event.version AS eventVersion, section.id,
         section.name, section.capacity, section.booked, section.held, section.available,
         section.bookings, section.waiting, section.version
    FROM events event JOIN sections section ON section.event_id = event.id
   WHERE event.id = ? ORDER BY section.created_at, section.id`;

/** Events of which some section is still to be raised: rarely any. */
export const RAISING =
  'SELECT DISTINCT event_id AS id FROM sections WHERE capacity_wanted > 0 LIMIT 100';

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
  private readonly shared: CoalescedReads<string | undefined>;

  constructor(
    private readonly reads: DatabaseReader,
    private readonly events: EventsRepository,
    @Inject(CONFIG) { AUTH_MODE }: Pick<Config, 'AUTH_MODE'>,
  ) {
    this.shared = new CoalescedReads(async (eventId) => {
      const rows = await reads.query<StatusRow>(STATUS, [eventId]);
      // Nobody shows a key for a status, and a draft is its organiser's alone.
      const isHidden = AUTH_MODE === 'keys' && rows[0]?.status === 'DRAFT';
      if (rows.length === 0 || isHidden) return undefined;
      return JSON.stringify(toStatus(eventId, rows));
    });
  }

  /**
   * @returns EventStatusResponse as JSON, made once for all who ask
   * @throws {DomainError} `event_not_found`, with API keys also for a draft
   */
  async getStatus(eventId: string): Promise<string> {
    const status = isUuid(eventId) ? await this.shared.get(eventId) : undefined;
    if (status === undefined) throw eventNotFound();
    return status;
  }

  /** @throws {DomainError} `event_not_found`, also for another organiser's */
  async get(id: string, { organiserId }: Pick<Caller, 'organiserId'>): Promise<ChangedEvent> {
    const [event] = await this.reads.query<EventRow>(
      `${SELECT_EVENTS} WHERE event.id = ? AND event.organiser_id = ?`,
      [id, organiserId],
    );
    const [response] = event === undefined ? [] : await this.withSections([event]);
    if (response === undefined) throw eventNotFound();
    return { event: response, revision: event!.version };
  }

  /** Newest first; with a bound on their start by that, earliest first. */
  async list(query: ListQuery, { organiserId }: Caller): Promise<Page<EventResponse>> {
    const limit = limitOf(query);
    const { sql, parameters } = listStatement(query, organiserId);
    const rows = await this.reads.query<EventRow>(sql, [...parameters, limit + 1]);
    const responses = await this.withSections(rows.slice(0, limit));
    const byId = new Map(responses.map((response) => [response.id, response]));
    return pageOf(rows, limit, {
      keys: keysOfEvent(query),
      item: (row) => byId.get(row.id)!,
    });
  }

  /** Cancelled events of which something is still to be ended. */
  async findEnding(): Promise<string[]> {
    const rows = await this.reads.query<{ id: string }>(
      'SELECT id FROM events WHERE is_ending = 1 LIMIT 100',
      [],
    );
    return rows.map(({ id }) => id);
  }

  /** Events of which some section is still to be raised. */
  async findRaising(): Promise<string[]> {
    const rows = await this.reads.query<{ id: string }>(RAISING, []);
    return rows.map(({ id }) => id);
  }

  /** Ids of an event's sections, as they are now. */
  async findSections(id: string): Promise<string[]> {
    const rows = await this.reads.query<{ id: string }>(
      'SELECT id FROM sections WHERE event_id = ? ORDER BY id',
      [id],
    );
    return rows.map((row) => row.id);
  }

  private async withSections(events: readonly EventRow[]): Promise<EventResponse[]> {
    if (events.length === 0) return [];
    const sections = await this.reads.run(this.events.sectionsOf(events.map(({ id }) => id)));
    return events.map((event) => eventResponse(event, sections.get(event.id)!));
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
