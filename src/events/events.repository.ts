import { Injectable } from '@nestjs/common';
import { type SectionRules, selectPrice, type StoredPrice, toPrice } from '../allocation/index.js';
import {
  type Change,
  insertRows,
  type Query,
  defineQuery,
  updateRowsById,
} from '../platform/database/index.js';
import type { EventStatus } from './event.entity.js';
import type { EventRow, EventSectionRow } from './event.mappers.js';

/** The descriptive fields of an event. */
export interface EventDetails {
  readonly name: string;
  readonly description: string | null;
  readonly venue: string | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
}

export interface NewEvent extends EventDetails {
  readonly id: string;
  readonly organiserId: string;
  readonly status: EventStatus;
  readonly version: number;
  readonly publishedAt: Date | null;
  readonly now: Date;
}

/** An event with all its sections, the first one first. */
export interface WholeEvent {
  readonly event: EventRow;
  readonly sections: readonly EventSectionRow[];
}

/** Null for an event that was never on sale. Instances of the version before publish events without `published_at`. */
export const PUBLISHED_AT = `
  COALESCE(event.published_at, CASE event.status WHEN 'PUBLISHED' THEN event.created_at END)`;

export const SELECT_EVENTS = `
  SELECT event.id, event.organiser_id AS organiserId, event.name, event.status, event.description, event.venue,
  event.starts_at AS startsAt, event.ends_at AS endsAt, event.version,
  event.created_at AS createdAt, event.updated_at AS updatedAt, ${PUBLISHED_AT} AS publishedAt
    FROM events event`;

const SECTIONS = `
  SELECT event_id AS eventId, id, name, ${selectPrice('sections')},
         is_seated AS isSeated, capacity, available, booked, held, bookings, waiting, version,
         max_per_booking AS maxPerBooking, max_per_person AS maxPerPerson,
         waitlist_enabled AS waitlistEnabled, waitlist_max AS waitlistMax, fit, mode,
         offer_ttl_seconds AS offerTtlSeconds
    FROM sections WHERE event_id IN (?) ORDER BY event_id, first_section_id IS NOT NULL, id`;

const DETAILS = ['name', 'description', 'venue', 'starts_at', 'ends_at'];

/** BIGINTs arrive as strings, booleans as 0 or 1. */
type StoredSection = Omit<EventSectionRow, 'price' | 'isSeated' | 'rules' | 'version'> &
  StoredPrice &
  Omit<SectionRules, 'waitlistEnabled'> & {
    readonly eventId: string;
    readonly isSeated: number;
    readonly version: string;
    readonly waitlistEnabled: number;
  };

export type SectionsByEvent = ReadonlyMap<string, readonly EventSectionRow[]>;

@Injectable()
export class EventsRepository {
  insert({ id, organiserId, status, version, publishedAt, now, ...details }: NewEvent): Change[] {
    const columns = [
      'id',
      'organiser_id',
      ...DETAILS,
      'status',
      'version',
      'created_at',
      'updated_at',
      'published_at',
    ];
    return insertRows('events', columns, [
      [id, organiserId, ...detailValues(details), status, version, now, now, publishedAt],
    ]);
  }

  /** An event's own row. */
  row(id: string): Query<EventRow | undefined> {
    return defineQuery(
      `${SELECT_EVENTS} WHERE event.id = ?`,
      [id],
      (rows: readonly EventRow[]) => rows[0],
    );
  }

  /** Sections of events, by event; the first one first. */
  sectionsOf(eventIds: readonly string[]): Query<SectionsByEvent> {
    return defineQuery(SECTIONS, [eventIds], (rows: readonly StoredSection[]) => {
      const byEvent = new Map<string, EventSectionRow[]>();
      for (const row of rows) byEvent.set(row.eventId, []);
      for (const row of rows) byEvent.get(row.eventId)!.push(toSection(row));
      return byEvent;
    });
  }

  /** Writes an edited event, whose version every edit raises. */
  save(event: EventRow): Change[] {
    const columns = [...DETAILS, 'status', 'version', 'updated_at', 'published_at'];
    const { status, version, updatedAt, publishedAt } = event;
    const values = [...detailValues(event), status, version, updatedAt, publishedAt];
    return updateRowsById('events', columns, [{ id: event.id, values }]);
  }

  /** Writes whether a cancelled event still has something to end. */
  markEnding(id: string, isEnding: boolean): Change[] {
    return [
      {
        sql: 'UPDATE events SET is_ending = ? WHERE id = ?',
        parameters: [Number(isEnding), id],
        rows: 1,
        isExact: false,
      },
    ];
  }

  /**
   * Whether an event exists. The locking read waits for an open transaction that has inserted it, so
   * the answer is final.
   */
  exists(id: string): Query<boolean> {
    return defineQuery(
      'SELECT 1 FROM events WHERE id = ? FOR UPDATE',
      [id],
      (rows) => rows.length > 0,
    );
  }
}

const detailValues = (details: EventDetails): unknown[] => [
  details.name,
  details.description,
  details.venue,
  details.startsAt,
  details.endsAt,
];

function toSection(row: StoredSection): EventSectionRow {
  const { maxPerBooking, maxPerPerson, waitlistMax, fit, mode, offerTtlSeconds } = row;
  const { id, name, capacity, available, booked, held, bookings, waiting } = row;
  const waitlistEnabled = row.waitlistEnabled === 1;
  return {
    id,
    name,
    price: toPrice(row),
    isSeated: row.isSeated === 1,
    rules: {
      maxPerBooking,
      maxPerPerson,
      waitlistEnabled,
      waitlistMax,
      fit,
      mode,
      offerTtlSeconds,
    },
    capacity,
    available,
    booked,
    held,
    bookings,
    waiting,
    version: Number(row.version),
  };
}
