import { applyDecorators } from '@nestjs/common';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { isUuid } from '../common/index.js';
import { field, type JsonSchema, type RequestClass } from './request-schema.js';

// Each rule brings its JSON schema, so that what is checked and what the document says of it stand
// in one place. A rule may ask for more than its schema can say, never for something else.

/** May be left out. Unlike class-validator's IsOptional, `null` is a value, and mostly a wrong one. */
export const Optional = (): PropertyDecorator =>
  applyDecorators(
    ValidateIf((_, value: unknown) => value !== undefined),
    field({ isOptional: true }),
  );

/** May be left out, then it stays; null takes it away. */
export const Removable = (): PropertyDecorator =>
  applyDecorators(
    ValidateIf((_, value: unknown) => value !== undefined && value !== null),
    field({ isOptional: true, isNullable: true }),
  );

/** Required, unless another field is used in its place. */
export const RequiredUnless = (instead: string): PropertyDecorator =>
  applyDecorators(
    ValidateIf((body: Record<string, unknown>, value: unknown) => {
      return value !== undefined || body[instead] === undefined;
    }),
    field({ isOptional: true, instead }),
  );

/** A field checked by one function, with one sentence for people and a schema for programs. */
export const IsField = (
  name: string,
  isValid: (value: unknown) => boolean,
  message: string,
  schema: JsonSchema,
): PropertyDecorator =>
  applyDecorators(
    ValidateBy({ name, validator: { validate: isValid, defaultMessage: () => message } }),
    field({ schema }),
  );

export const UUID_SCHEMA: JsonSchema = { type: 'string', format: 'uuid' };

/** An id of ours; upper case is accepted and made lower. */
export const IsId = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.toLowerCase() : value,
    ),
    IsField(
      'isId',
      (value) => typeof value === 'string' && isUuid(value),
      'must be a UUID',
      UUID_SCHEMA,
    ),
  );

export const IsCount = (max: number): PropertyDecorator => {
  const message = `must be a whole number from 1 to ${max}`;
  return applyDecorators(
    IsInt({ message }),
    Min(1, { message }),
    Max(max, { message }),
    field({ schema: { type: 'integer', minimum: 1, maximum: max } }),
  );
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
  applyDecorators(
    IsIn([...values], { message: `must be one of: ${values.join(', ')}` }),
    field({ schema: { type: 'string', enum: [...values] } }),
  );

export const IsFlag = (): PropertyDecorator =>
  applyDecorators(
    IsBoolean({ message: 'must be true or false' }),
    field({ schema: { type: 'boolean' } }),
  );

/** Another object in the body. */
export const IsPart = (type: () => RequestClass): PropertyDecorator =>
  applyDecorators(
    IsObject({ message: 'must be an object' }),
    ValidateNested(),
    Type(type),
    field({ schema: (refer) => refer(type()) }),
  );

/** `ValidateNested` takes a list inside the list for one of the objects, if it holds such objects. */
const holdsNoLists = (value: unknown): boolean =>
  !Array.isArray(value) || !value.some((item) => Array.isArray(item));

/** A list of other objects. */
export const IsParts = (type: () => RequestClass, max: number): PropertyDecorator =>
  applyDecorators(
    IsArray({ message: 'must be a list' }),
    ArrayNotEmpty({ message: 'must not be empty' }),
    ArrayMaxSize(max, { message: `must not be longer than ${max}` }),
    ValidateBy({
      name: 'holdsNoLists',
      validator: { validate: holdsNoLists, defaultMessage: () => 'must hold objects' },
    }),
    ValidateNested({ each: true, message: 'must hold objects' }),
    Type(type),
    field({
      schema: (refer) => ({ type: 'array', minItems: 1, maxItems: max, items: refer(type()) }),
    }),
  );

/** Not blank, no control characters. */
export const LINE_PATTERN = String.raw`^(?=[\s\S]*\S)\P{Cc}+$`;
const LINE = new RegExp(LINE_PATTERN, 'u');

/** A line of text for people, counted by code point. */
export const IsLine = (max: number): PropertyDecorator =>
  IsField(
    'isLine',
    (value) =>
      typeof value === 'string' &&
      value.isWellFormed() &&
      Array.from(value).length <= max &&
      LINE.test(value),
    `must be 1 to ${max} characters of text without control characters`,
    { type: 'string', minLength: 1, maxLength: max, pattern: LINE_PATTERN },
  );

const TEXT_PATTERN = String.raw`^(?:\P{Cc}|[\n\r\t])*$`;
const TEXT = new RegExp(TEXT_PATTERN, 'u');

/** Text of several lines. */
export const IsText = (max: number): PropertyDecorator =>
  IsField(
    'isText',
    (value) =>
      typeof value === 'string' &&
      value.isWellFormed() &&
      Array.from(value).length <= max &&
      TEXT.test(value),
    `must be text of ${max} characters at the most, without control characters but line ends`,
    { type: 'string', maxLength: max, pattern: TEXT_PATTERN },
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

/** No `format`: `date-time` would ask for seconds. */
export const IsTime = (): PropertyDecorator =>
  IsField('isTime', isTime, 'must be a time with a zone, like 2027-03-01T19:30:00Z', {
    type: 'string',
    pattern: TIME.source,
  });
