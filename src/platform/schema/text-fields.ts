import { SINGLE_LINE_PATTERN } from '../common/index.js';
import { type FieldDecorator, IsValid } from './field-decorator.js';

/** Any text. */
export const IsString = (): FieldDecorator<string> =>
  IsValid((value) => typeof value === 'string', 'must be text', { type: 'string' });

const isText = (value: unknown, max: number, pattern: RegExp): boolean =>
  typeof value === 'string' &&
  value.isWellFormed() &&
  // Code points, as JSON Schema and the database count.
  Array.from(value).length <= max &&
  pattern.test(value);

const SINGLE_LINE = new RegExp(SINGLE_LINE_PATTERN, 'u');

export const IsSingleLineText = (max: number): FieldDecorator<string> =>
  IsValid(
    (value) => isText(value, max, SINGLE_LINE),
    `must be 1 to ${max} characters of text without control characters`,
    { type: 'string', minLength: 1, maxLength: max, pattern: SINGLE_LINE_PATTERN },
  );

const MULTI_LINE_PATTERN = String.raw`^(?:\P{Cc}|[\n\r\t])*$`;
const MULTI_LINE = new RegExp(MULTI_LINE_PATTERN, 'u');

export const IsMultiLineText = (max: number): FieldDecorator<string> =>
  IsValid(
    (value) => isText(value, max, MULTI_LINE),
    `must be at most ${max} characters of text without control characters other than line breaks and tabs`,
    { type: 'string', maxLength: max, pattern: MULTI_LINE_PATTERN },
  );

/** RFC 3339. The zone is required, so that every time is one moment. */
const ZONED_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** `Date.parse` reads 30 February as 2 March. */
const isDay = (day: string): boolean => new Date(`${day}T00:00Z`).toISOString().startsWith(day);

/** MySQL's DATETIME covers the years 1000 to 9999. */
export const isZonedTime = (value: unknown): boolean =>
  typeof value === 'string' &&
  ZONED_TIME.test(value) &&
  isDay(value.slice(0, 10)) &&
  Date.parse(value) >= Date.UTC(1000, 0, 2) &&
  Date.parse(value) < Date.UTC(9999, 11, 31);

const ZONED_TIME_RULE = 'must be a time with a zone, like 2027-03-01T19:30:00Z';

/** Without `format`: `date-time` would require seconds. */
const ZONED_TIME_SCHEMA = { type: 'string', pattern: ZONED_TIME.source };

/** A time in a request. */
export const IsZonedTime = (): FieldDecorator<string> =>
  IsValid(isZonedTime, ZONED_TIME_RULE, ZONED_TIME_SCHEMA);

/** A time in a query, where a plus sign is a space. */
export const IsZonedTimeInQuery = (): FieldDecorator<string> =>
  IsValid(
    isZonedTime,
    `${ZONED_TIME_RULE} or 2027-03-01T19:30:00%2B01:00 (write + as %2B)`,
    ZONED_TIME_SCHEMA,
  );

/** A time in a response: UTC, with milliseconds. */
export const IsTimestamp = (): FieldDecorator<string> =>
  IsValid(
    (value) => isZonedTime(value) && new Date(value as string).toISOString() === value,
    'must be a time in UTC, like 2027-03-01T19:30:00.000Z',
    { type: 'string', format: 'date-time' },
  );
