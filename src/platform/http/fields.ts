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
