import { constantQuery, type Query, defineQuery } from '../../platform/database/index.js';

/** People whose places in a whole event are to be counted. */
export interface PeopleOfEvent {
  readonly eventId: string;
  readonly people: readonly string[];
}

/** How many places of one kind a person has in an event. */
export interface PlacesOfPerson {
  readonly eventId: string;
  readonly userId: string;
  readonly places: number;
}

/** Which rows of a table count; all of it from the code. */
interface RowsOfPeople {
  readonly table: string;
  readonly condition: string;
  /** Of the condition. */
  readonly parameters: readonly unknown[];
  /** Leads from a section and a person to his rows there. */
  readonly index?: string;
  /** The column of that index that says who the person is. */
  readonly person?: string;
}

/** As it arrives. */
type Found = Omit<PlacesOfPerson, 'places'> & { readonly places: number | string };

/**
 * Counts places of people in whole events, one SELECT an event. Section by section and person by
 * person, whatever the statistics say: neither what somebody has elsewhere nor what others have here
 * is read. Who is not in `users` yet has nothing.
 */
export function placesQuery(
  wanted: readonly PeopleOfEvent[],
  rows: RowsOfPeople,
): Query<readonly PlacesOfPerson[]> {
  if (wanted.length === 0) return constantQuery([]);
  const { table, condition, index = `ix_${table}_person`, person = 'user_id' } = rows;
  const one = `(SELECT section.event_id AS eventId, person.id AS userId,
      CAST(SUM(quantity) AS SIGNED) AS places
     FROM sections section
     STRAIGHT_JOIN users person FORCE INDEX (PRIMARY)
     STRAIGHT_JOIN ${table} mine FORCE INDEX (${index})
       ON mine.section_id = section.id AND mine.${person} = person.id
    WHERE section.event_id = ? AND person.id IN (?) AND ${condition}
    GROUP BY section.event_id, person.id)`;
  return defineQuery(
    wanted.map(() => one).join(' UNION ALL '),
    wanted.flatMap(({ eventId, people }) => [eventId, people, ...rows.parameters]),
    toPlaces,
  );
}

/**
 * Asks for places of several kinds in one statement. Each statement sees a moment of its own: what
 * changes from one kind to another between two of them would be counted nowhere.
 */
export function unionOf(
  kinds: readonly Query<readonly PlacesOfPerson[]>[],
): Query<readonly PlacesOfPerson[]> {
  const asked = kinds.flatMap(({ statement }) => statement ?? []);
  if (asked.length === 0) return constantQuery([]);
  return defineQuery(
    asked.map(({ sql }) => sql).join(' UNION ALL '),
    asked.flatMap(({ parameters }) => parameters),
    toPlaces,
  );
}

/** A sum may arrive as text. */
const toPlaces = (rows: readonly Found[]): readonly PlacesOfPerson[] =>
  rows.map((row) => ({ ...row, places: Number(row.places) }));
