import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, ArrayNotEmpty, IsArray } from 'class-validator';
import type { DomainError } from '../platform/errors/index.js';
import { invalidRequest } from '../platform/http/index.js';
import {
  IsField,
  IsId,
  LINE_PATTERN,
  Describe,
  Optional,
  RequiredUnless,
  UUID_SCHEMA,
} from '../platform/schema/index.js';
import { isUuid } from '../platform/common/index.js';
import {
  IDENTIFIER_LENGTH_MAX,
  IDENTIFIER_UNITS_MAX,
  isIdentifier,
  normaliseIdentifier,
  type Person,
} from '../users/index.js';

/** Quantities above any capacity are understood, and refused by the rules (`exceeds_capacity`). */
export const QUANTITY_MAX = 2_147_483_647;
/** Ids of one request. */
const IDS_MAX = 100;

export const IsIdentifier = (): PropertyDecorator =>
  IsField(
    'isIdentifier',
    isIdentifier,
    `must be 1 to ${IDENTIFIER_LENGTH_MAX} characters of text without control characters`,
    // It is trimmed before it is measured, which no schema can do.
    { type: 'string', minLength: 1, maxLength: IDENTIFIER_UNITS_MAX, pattern: LINE_PATTERN },
  );

/** Some ids of things. */
export const IsIds = (things: string): PropertyDecorator =>
  applyDecorators(
    IsArray({ message: `must be a list of ids of ${things}` }),
    ArrayNotEmpty({ message: `must name at least one of the ${things}` }),
    ArrayMaxSize(IDS_MAX, { message: `must name ${IDS_MAX} ${things} at the most` }),
    IsField(
      'areIds',
      (value) => Array.isArray(value) && value.every((id) => typeof id === 'string' && isUuid(id)),
      'must hold UUIDs only',
      { type: 'array', minItems: 1, maxItems: IDS_MAX, items: UUID_SCHEMA },
    ),
  );

/** Who. */
export class PersonRequest {
  @Describe(
    `An e-mail address or any text of 1 to ${IDENTIFIER_LENGTH_MAX} characters: whoever books.`,
  )
  @RequiredUnless('userId')
  @IsIdentifier()
  identifier?: string;

  @Describe('Another name for `identifier`.')
  @Optional()
  @IsIdentifier()
  userId?: string;
}

/** Which event, which section of it, who. */
export class PersonAtEvent extends PersonRequest {
  @IsId()
  eventId!: string;

  @Describe('Needed if the event has several sections.')
  @Optional()
  @IsId()
  sectionId?: string;
}

/** Who, in whichever of the two fields; normalised. The same text is another person elsewhere. */
export const personOf = (
  body: { readonly identifier?: string | undefined; readonly userId?: string | undefined },
  { organiserId }: Pick<Person, 'organiserId'>,
): Person => ({
  organiserId,
  identifier: normaliseIdentifier(either(body, 'identifier', 'userId')!),
});

interface Quantity {
  readonly quantity?: number | undefined;
  readonly qty?: number | undefined;
}

export const quantityOf = (body: Quantity): number | undefined => either(body, 'quantity', 'qty');

/** How many places, and which seats if they were chosen: then their number is the quantity. */
export function placesWanted(
  body: Quantity & { readonly seatIds?: readonly string[] | undefined },
): {
  readonly quantity: number;
  readonly seatIds: readonly string[] | undefined;
} {
  const quantity = quantityOf(body);
  if (body.seatIds === undefined) return { quantity: quantity ?? 1, seatIds: undefined };
  const seatIds = body.seatIds.map((id) => id.toLowerCase());
  if (new Set(seatIds).size < seatIds.length) throw faultyField('/seatIds', 'names a seat twice');
  if (quantity !== undefined && quantity !== seatIds.length) {
    throw faultyField('/quantity', 'is not the number of seatIds');
  }
  return { quantity: seatIds.length, seatIds };
}

/** The value of a field with two names. Two different values are a mistake, not a choice. */
function either<B, A extends keyof B & string, Z extends keyof B & string>(
  body: B,
  name: A,
  alias: Z,
): B[A] | B[Z] {
  const [value, other] = [body[name], body[alias]];
  if (value === undefined) return other;
  if (other === undefined || Object.is(value, other)) return value;
  throw faultyField(`/${alias}`, `says something else than ${name}`);
}

export const faultyField = (pointer: string, message: string): DomainError =>
  invalidRequest([{ pointer, message }]);
