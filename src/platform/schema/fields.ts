import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsObject,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { isUuid } from '../common/index.js';
import { addFacts, type JsonSchema, type SchemaClass } from './class-schema.js';
import { type FieldDecorator, fieldDecorator, IsValid, Normalised } from './field-decorator.js';

export const UUID_SCHEMA: JsonSchema = { type: 'string', format: 'uuid' };

const isId = (value: unknown): boolean => typeof value === 'string' && isUuid(value);

/** An id of Rowlock. Upper case is accepted and becomes lower case. */
export const IsId = (): FieldDecorator<string> =>
  fieldDecorator(
    Normalised((value) => (typeof value === 'string' ? value.toLowerCase() : value)),
    IsValid(isId, 'must be a UUID', UUID_SCHEMA),
  );

interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number. Beyond the default bounds JSON numbers are not exact. */
export const IsInteger = ({ min, max }: Range = {}): FieldDecorator<number> => {
  const [from, to] = [min ?? Number.MIN_SAFE_INTEGER, max ?? Number.MAX_SAFE_INTEGER];
  return IsValid(
    (value) => Number.isInteger(value) && Number(value) >= from && Number(value) <= to,
    `must be a whole number from ${from} to ${to}`,
    { type: 'integer', minimum: from, ...(max !== undefined && { maximum: max }) },
  );
};

/** A whole number in a query, where numbers are text. */
export const IsIntegerInQuery = (range: Range): FieldDecorator<number> =>
  fieldDecorator(
    Normalised((value) =>
      typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IsInteger(range),
  );

export const IsOneOf = <const Value extends string>(
  values: readonly Value[],
): FieldDecorator<Value> =>
  IsValid((value) => values.includes(value as Value), `must be one of: ${values.join(', ')}`, {
    type: 'string',
    enum: values,
  });

export const IsConstant = <const Value extends string | boolean>(
  constant: Value,
): FieldDecorator<Value> =>
  IsValid((value) => value === constant, `must be ${constant}`, {
    type: typeof constant,
    const: constant,
  });

export const IsBoolean = (): FieldDecorator<boolean> =>
  IsValid((value) => typeof value === 'boolean', 'must be true or false', { type: 'boolean' });

/** An object of another class. */
export const IsNested = <Value extends object>(
  type: () => SchemaClass<Value>,
): FieldDecorator<Value> =>
  fieldDecorator(
    IsObject({ message: 'must be an object' }),
    ValidateNested(),
    Type(type),
    addFacts({ schema: (refer) => refer(type()) }),
  );

/** `ValidateNested` accepts a list inside the list as one of its objects. */
const holdsNoLists = (value: unknown): boolean =>
  !Array.isArray(value) || !value.some((item) => Array.isArray(item));

/** Bounds of a list, as JSON Schema names them. */
interface Size {
  readonly minItems: 1;
  readonly maxItems: number;
}

/** A list of objects of another class. */
export const IsListOf = <Value extends object>(
  type: () => SchemaClass<Value>,
  size?: Size,
): FieldDecorator<readonly Value[]> =>
  fieldDecorator(
    IsArray({ message: 'must be a list' }),
    ...(size === undefined ? [] : hasSize(size)),
    ValidateBy({
      name: 'holdsNoLists',
      validator: { validate: holdsNoLists, defaultMessage: () => 'must hold objects' },
    }),
    ValidateNested({ each: true, message: 'must hold objects' }),
    Type(type),
    addFacts({ schema: (refer) => ({ type: 'array', ...size, items: refer(type()) }) }),
  );

const hasSize = ({ maxItems }: Size): PropertyDecorator[] => [
  ArrayNotEmpty({ message: 'must not be empty' }),
  ArrayMaxSize(maxItems, { message: `must not be longer than ${maxItems}` }),
];

/** A list of ids of Rowlock. */
export const IsIdList = (size?: Size): FieldDecorator<readonly string[]> =>
  IsValid((value) => Array.isArray(value) && value.every(isId), 'must hold UUIDs only', {
    type: 'array',
    ...size,
    items: UUID_SCHEMA,
  });
