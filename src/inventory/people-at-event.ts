import { answered, type Question, question } from '../platform/index.js';

/** People whose places in a whole event are to be counted. */
export interface PeopleAtEvent {
  readonly eventId: string;
  readonly people: readonly string[];
}

/** How many places of one kind a person has in an event. */
export interface PlacesOfPerson {
  readonly eventId: string;
  readonly userId: string;
  readonly places: number;
}

/**
 * Counts places of people in whole events, one SELECT an event.
 *
 * @param rows which rows of which table count, from the code; its parameters come after those here
 */
export function placesOf(
  wanted: readonly PeopleAtEvent[],
  rows: { readonly table: string; readonly condition: string; readonly parameters: unknown[] },
): Question<readonly PlacesOfPerson[]> {
  if (wanted.length === 0) return answered([]);
  const one = `(SELECT event_id AS eventId, user_id AS userId,
      CAST(SUM(quantity) AS SIGNED) AS places
     FROM ${rows.table}
    WHERE section_id IN (SELECT id FROM sections WHERE event_id = ?) AND user_id IN (?)
      AND ${rows.condition}
    GROUP BY event_id, user_id)`;
  return question(
    wanted.map(() => one).join(' UNION ALL '),
    wanted.flatMap(({ eventId, people }) => [eventId, people, ...rows.parameters]),
    (found: readonly (Omit<PlacesOfPerson, 'places'> & { readonly places: number | string })[]) =>
      found.map((row) => ({ ...row, places: Number(row.places) })),
  );
}
