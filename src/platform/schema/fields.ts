import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  Equals,
  IsArray,
  IsBoolean as IsBooleanValue,
  IsIn,
  IsInt,
  IsObject,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { isUuid } from '../common/index.js';
import { addFacts, type JsonSchema, type SchemaClass } from './class-schema.js';
import { type FieldDecorator, fieldDecorator, IsValid } from './field-decorator.js';

export const UUID_SCHEMA: JsonSchema = { type: 'string', format: 'uuid' };

/** An id of Rowlock. Upper case is accepted and becomes lower case. */
export const IsId = (): FieldDecorator<string> =>
  fieldDecorator(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.toLowerCase() : value,
    ),
    IsValid(
      'isId',
      (value) => typeof value === 'string' && isUuid(value),
      'must be a UUID',
      UUID_SCHEMA,
    ),
  );

interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number; JSON carries none exactly beyond the default bounds. */
export function IsInteger({ min, max }: Range = {}): FieldDecorator<number> {
  const [from, to] = [min ?? Number.MIN_SAFE_INTEGER, max ?? Number.MAX_SAFE_INTEGER];
  const message = `must be a whole number from ${from} to ${to}`;
  return fieldDecorator(
    IsInt({ message }),
    Min(from, { message }),
    Max(to, { message }),
    addFacts({
      schema: { type: 'integer', minimum: from, ...(max !== undefined && { maximum: max }) },
    }),
  );
}

/** A whole number in a query, where numbers are text. */
export const IsIntegerInQuery = (range: Range): FieldDecorator<number> =>
  fieldDecorator(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value,
    ),
    IsInteger(range),
  );

export const IsOneOf = <const Value extends string>(
  values: readonly Value[],
): FieldDecorator<Value> =>
  fieldDecorator(
    IsIn([...values], { message: `must be one of: ${values.join(', ')}` }),
    addFacts({ schema: { type: 'string', enum: [...values] } }),
  );

export const IsConstant = <const Value extends string | boolean>(
  value: Value,
): FieldDecorator<Value> =>
  fieldDecorator(
    Equals(value, { message: `must be ${value}` }),
    addFacts({ schema: { type: typeof value, const: value } }),
  );

export const IsBoolean = (): FieldDecorator<boolean> =>
  fieldDecorator(
    IsBooleanValue({ message: 'must be true or false' }),
    addFacts({ schema: { type: 'boolean' } }),
  );

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
  IsValid(
    'isIdList',
    (value) => Array.isArray(value) && value.every((id) => typeof id === 'string' && isUuid(id)),
    'must hold UUIDs only',
    { type: 'array', ...size, items: UUID_SCHEMA },
  );
