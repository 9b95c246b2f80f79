import { foreignCursor, keysOf } from '../platform/http/index.js';
import type { EventRow } from './event.mappers.js';
import { SELECT_EVENTS } from './events.repository.js';
import type { ListQuery } from './dto/list-events.dto.js';

/** As {@link keysOfEvent} writes it. A forged cursor could hold a year that the database rejects. */
const TIME = /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

interface Condition {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Events of an organiser, or of all, newest first; with a bound on the start, earliest first. The caller adds the
 * last parameter, the number of rows.
 */
export function listStatement(query: ListQuery, organiserId: string | undefined): Condition {
  const isByStart = hasBounds(query);
  const conditions = [
    ...condition('event.organiser_id = ?', organiserId),
    ...filtersOf(query),
    ...(isByStart ? afterStart(query) : afterId(query)),
  ];
  const order = isByStart ? 'event.starts_at, event.id' : 'event.id DESC';
  return {
    sql: `${SELECT_EVENTS} WHERE ${['TRUE', ...conditions.map(({ sql }) => sql)].join(' AND ')}
           ORDER BY ${order} LIMIT ?`,
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

/** The cursor keys of an event in the order of the list. */
export const keysOfEvent =
  (query: ListQuery) =>
  ({ id, startsAt }: EventRow): readonly string[] =>
    hasBounds(query) ? [startsAt!.toISOString(), id] : [id];

const hasBounds = ({ startsFrom, startsTo }: ListQuery): boolean =>
  startsFrom !== undefined || startsTo !== undefined;

const filtersOf = ({ status, startsFrom, startsTo }: ListQuery): Condition[] => [
  ...condition('event.status = ?', status),
  ...condition('event.starts_at >= ?', startsFrom && new Date(startsFrom)),
  ...condition('event.starts_at < ?', startsTo && new Date(startsTo)),
];

const condition = (sql: string, value: unknown): Condition[] =>
  value === undefined ? [] : [{ sql, parameters: [value] }];

const afterId = (query: ListQuery): Condition[] => condition('event.id < ?', keysOf(query, 1)?.[0]);

function afterStart(query: ListQuery): Condition[] {
  const [start, id] = keysOf(query, 2) ?? [];
  if (start === undefined) return [];
  const time = new Date(TIME.test(start) ? start : NaN);
  if (Number.isNaN(time.getTime())) throw foreignCursor();
  const sql = '(event.starts_at > ? OR (event.starts_at = ? AND event.id > ?))';
  return [{ sql, parameters: [time, time, id] }];
}
