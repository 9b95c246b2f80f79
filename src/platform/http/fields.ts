import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, Max, Min, ValidateBy, ValidateIf } from 'class-validator';
import { isUuid } from '../ids/uuid-v7.js';

/** May be left out. Unlike class-validator's IsOptional, `null` is a value, and mostly a wrong one. */
export const Optional = (): PropertyDecorator =>
  ValidateIf((_, value: unknown) => value !== undefined);

/** A field checked by one function, with one sentence for people. */
export const IsField = (
  name: string,
  isValid: (value: unknown) => boolean,
  message: string,
): PropertyDecorator =>
  ValidateBy({ name, validator: { validate: isValid, defaultMessage: () => message } });

/** An id of ours; upper case is accepted and made lower. */
export const IsId = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.toLowerCase() : value,
    ),
    IsField('isId', (value) => typeof value === 'string' && isUuid(value), 'must be a UUID'),
  );

export const IsCount = (max: number): PropertyDecorator => {
  const message = `must be a whole number from 1 to ${max}`;
  return applyDecorators(IsInt({ message }), Min(1, { message }), Max(max, { message }));
};

/** The same in a query, where numbers are text. */
export const IsTextCount = (max: number): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IsCount(max),
  );

export const IsOneOf = (values: readonly string[]): PropertyDecorator =>
  IsIn([...values], { message: `must be one of: ${values.join(', ')}` });

const CONTROL_CHARACTERS = /\p{Cc}/u;

/** A line of text for people: not blank, no control characters, counted by code point. */
export const IsLine = (max: number): PropertyDecorator =>
  IsField(
    'isLine',
    (value) =>
      typeof value === 'string' &&
      value.trim() !== '' &&
      value.isWellFormed() &&
      Array.from(value).length <= max &&
      !CONTROL_CHARACTERS.test(value),
    `must be 1 to ${max} characters of text without control characters`,
  );

/** Text of several lines. */
export const IsText = (max: number): PropertyDecorator =>
  IsField(
    'isText',
    (value) =>
      typeof value === 'string' &&
      value.isWellFormed() &&
      Array.from(value).length <= max &&
      !CONTROL_CHARACTERS.test(value.replaceAll(/[\n\r\t]/g, ' ')),
    `must be text of ${max} characters at the most, without control characters but line ends`,
  );

/** RFC 3339, with a zone: nobody has to guess which noon is meant. */
const TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Date.parse takes February 30 for March 2. */
const isDay = (day: string): boolean => new Date(`${day}T00:00Z`).toISOString().startsWith(day);

/** DATETIME of the database knows the years 1000 to 9999. */
export const isTime = (value: unknown): boolean =>
  typeof value === 'string' &&
  TIME.test(value) &&
  isDay(value.slice(0, 10)) &&
  Date.parse(value) >= Date.UTC(1000, 0, 2) &&
  Date.parse(value) < Date.UTC(9999, 11, 31);

export const IsTime = (): PropertyDecorator =>
  IsField('isTime', isTime, 'must be a time with a zone, like 2027-03-01T19:30:00Z');
