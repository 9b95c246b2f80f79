import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ValidateBy, ValidateIf } from 'class-validator';
import { addFacts, type JsonSchema } from './class-schema.js';

type Plain<Type> =
  Exclude<Type, null | undefined> extends readonly (infer Item)[]
    ? readonly Item[]
    : Exclude<Type, null | undefined>;

type AreSame<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** A decorator of fields of this type: on any other field it does not compile. */
export type FieldDecorator<Value> = <Target extends object, Name extends keyof Target & string>(
  prototype: Target,
  name: AreSame<Plain<Target[Name]>, Value> extends true ? Name : never,
) => void;

/** Each rule brings its JSON schema. It may be stricter than its schema can say, never looser. */
export const fieldDecorator = <Value>(
  ...decorators: readonly (PropertyDecorator | FieldDecorator<Value>)[]
): FieldDecorator<Value> => applyDecorators(...(decorators as PropertyDecorator[]));

/** A rule: the check, its message and its schema. */
export const IsValid = <Value>(
  isValid: (value: unknown) => boolean,
  message: string,
  schema: JsonSchema,
): FieldDecorator<Value> =>
  fieldDecorator(
    ValidateBy({
      name: 'isValid',
      validator: { validate: isValid, defaultMessage: () => message },
    }),
    addFacts({ schema }),
  );

/** Replaces the value before its rules are applied. */
export const Normalised = (normalise: (value: unknown) => unknown): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => normalise(value)),
    addFacts({ normalise }),
  );

/** The field may be missing. Unlike class-validator's IsOptional, it may not be null. */
export const Optional = (): (<Target extends object, Name extends keyof Target & string>(
  prototype: Target,
  name: undefined extends Target[Name] ? Name : never,
) => void) =>
  applyDecorators(
    ValidateIf((_, value: unknown) => value !== undefined),
    addFacts({ isOptional: true }),
  );

/** The field may be null. */
export const Nullable = (): (<Target extends object, Name extends keyof Target & string>(
  prototype: Target,
  name: null extends Target[Name] ? Name : never,
) => void) =>
  applyDecorators(
    ValidateIf((_, value: unknown) => value !== null),
    addFacts({ isNullable: true }),
  );

/** The field is required if the other field is missing. */
export const RequiredWithout = (other: string): PropertyDecorator =>
  applyDecorators(
    ValidateIf((body: Record<string, unknown>, value: unknown) => {
      return value !== undefined || body[other] === undefined;
    }),
    addFacts({ isOptional: true, requiredWithout: other }),
  );
