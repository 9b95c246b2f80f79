import { Injectable } from '@nestjs/common';
import { constantQuery, type Query, defineQuery } from '../../platform/database/index.js';
import { PersonAllocations } from '../core/state/person-allocations.js';

/** People whose places in a whole event must be counted. */
export interface PeopleOfEvent {
  readonly eventId: string;
  readonly people: readonly string[];
}

interface PlacesRow {
  readonly eventId: string;
  readonly userId: string;
  /** The driver returns a SUM as text or as a number. */
  readonly places: number | string;
}

/** Rows that count for a person, and the index that leads from a section and a person to them. */
interface CountedRows {
  readonly table: string;
  readonly index: string;
  readonly personColumn: string;
  readonly condition: string;
}

const BOOKED: CountedRows = {
  table: 'bookings',
  index: 'ix_bookings_person',
  personColumn: 'user_id',
  condition: "status = 'CONFIRMED'",
};

/** Overdue holds do not count, even before they are ended. */
const HELD: CountedRows = {
  table: 'holds',
  index: 'ix_holds_person',
  personColumn: 'user_id',
  condition: "status = 'HELD' AND expires_at > ?",
};

const WAITING: CountedRows = {
  table: 'waitlist_entries',
  index: 'uq_waitlist_waiting_person',
  personColumn: 'waiting_user_id',
  condition: "status = 'WAITING'",
};

/** How many places people have in whole events. */
@Injectable()
export class PersonAllocationsRepository {
  /**
   * Counts booked, held and waited-for places in one statement: every statement reads a snapshot of
   * its own, and places that change from one kind to another between two of them would not be counted.
   *
   * @returns by event id
   */
  count(
    events: readonly PeopleOfEvent[],
    now: Date,
  ): Query<ReadonlyMap<string, PersonAllocations>> {
    if (events.length === 0) return constantQuery(new Map<string, PersonAllocations>());
    const selects = [BOOKED, HELD, WAITING].flatMap((rows) => {
      const times = rows === HELD ? [now] : [];
      return events.map(({ eventId, people }) => {
        return { sql: selectPlaces(rows), parameters: [eventId, people, ...times] };
      });
    });
    return defineQuery(
      selects.map(({ sql }) => sql).join(' UNION ALL '),
      selects.flatMap(({ parameters }) => parameters),
      (rows: readonly PlacesRow[]) => toAllocations(events, rows),
    );
  }
}

/**
 * Section by section and person by person, whatever the statistics say: reads neither a person's rows
 * in other events nor other people's rows in this one.
 */
const selectPlaces = ({ table, index, personColumn, condition }: CountedRows): string =>
  `(SELECT section.event_id AS eventId, person.id AS userId,
      CAST(SUM(quantity) AS SIGNED) AS places
     FROM sections section
     STRAIGHT_JOIN users person FORCE INDEX (PRIMARY)
     STRAIGHT_JOIN ${table} mine FORCE INDEX (${index})
       ON mine.section_id = section.id AND mine.${personColumn} = person.id
    WHERE section.event_id = ? AND person.id IN (?) AND ${condition}
    GROUP BY section.event_id, person.id)`;

/** A person without a row, who may not be in `users` yet, has 0 places. */
function toAllocations(
  events: readonly PeopleOfEvent[],
  rows: readonly PlacesRow[],
): ReadonlyMap<string, PersonAllocations> {
  const byEvent = new Map(
    events.map(({ eventId, people }) => {
      return [eventId, new PersonAllocations(people.map((userId) => [userId, 0]))];
    }),
  );
  for (const { eventId, userId, places } of rows) {
    byEvent.get(eventId)!.add(userId, Number(places));
  }
  return byEvent;
}
