import type { Statement } from './statement.js';

/** Printable ASCII without `'` and `\`: the same bytes in every character set that a server may expect. */
const PLAIN = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;

/**
 * The text of a statement, with its values in place of the placeholders. Text that could mean something
 * else in another character set, or in another `sql_mode`, becomes a hexadecimal literal: no quote and no
 * backslash of a client ever reaches the server.
 */
export function toSqlText({ sql, parameters }: Statement): string {
  if (parameters.length === 0) return sql;
  let text = '';
  let start = 0;
  for (const parameter of parameters) {
    const placeholder = sql.indexOf('?', start);
    if (placeholder === -1) throw new Error(`More values than placeholders: ${sql.slice(0, 40)}…`);
    text += sql.slice(start, placeholder) + literal(parameter);
    start = placeholder + 1;
  }
  return text + sql.slice(start);
}

/** A list becomes `a, b`, and a list of lists `(a, b), (c, d)`, as `IN (?)` and `VALUES ?` need it. */
function literal(value: unknown): string {
  if (typeof value === 'string') return textLiteral(value);
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'object') return objectLiteral(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  throw noValue(value);
}

function objectLiteral(value: object): string {
  if (Array.isArray(value)) return listLiteral(value);
  if (value instanceof Date) return dateLiteral(value);
  if (Buffer.isBuffer(value)) return `x'${value.toString('hex')}'`;
  throw noValue(value);
}

const noValue = (value: unknown): Error => new TypeError(`Not a value of SQL: ${typeof value}`);

const textLiteral = (text: string): string =>
  PLAIN.test(text) ? `'${text}'` : `_utf8mb4 x'${Buffer.from(text, 'utf8').toString('hex')}'`;

const listLiteral = (list: readonly unknown[]): string =>
  list
    .map((value) => (Array.isArray(value) ? `(${listLiteral(value)})` : literal(value)))
    .join(', ');

let lastTime = 0;
let lastTimeLiteral = "'1970-01-01 00:00:00.000'";

/** In UTC, as the time zone of the session. Most rows of a batch have the same time. */
function dateLiteral(date: Date): string {
  const time = date.getTime();
  if (time === lastTime) return lastTimeLiteral;
  lastTimeLiteral = `'${date.toISOString().replace('T', ' ').slice(0, -1)}'`;
  lastTime = time;
  return lastTimeLiteral;
}
