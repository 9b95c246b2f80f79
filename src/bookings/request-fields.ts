import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, ArrayNotEmpty, IsArray } from 'class-validator';
import { invalidField } from '../platform/http/index.js';
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

/** Quantities above any capacity are valid here; the rules refuse them (`exceeds_capacity`). */
export const QUANTITY_MAX = 2_147_483_647;
/** Ids in one request. */
const IDS_MAX = 100;

export const IsIdentifier = (): PropertyDecorator =>
  IsField(
    'isIdentifier',
    isIdentifier,
    `must be 1 to ${IDENTIFIER_LENGTH_MAX} characters of text without control characters`,
    // Trimmed before it is measured, which a schema cannot express.
    { type: 'string', minLength: 1, maxLength: IDENTIFIER_UNITS_MAX, pattern: LINE_PATTERN },
  );

/** A list of ids. */
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

export class PersonRequest {
  @Describe(
    `An e-mail address or any text of 1 to ${IDENTIFIER_LENGTH_MAX} characters that identifies the person.`,
  )
  @RequiredUnless('userId')
  @IsIdentifier()
  identifier?: string;

  @Describe('Another name for `identifier`.')
  @Optional()
  @IsIdentifier()
  userId?: string;
}

export class PersonAtEvent extends PersonRequest {
  @IsId()
  eventId!: string;

  @Describe('Required if the event has several sections.')
  @Optional()
  @IsId()
  sectionId?: string;
}

/** The person, normalised. The same identifier is another person at another organiser. */
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

/** The quantity, and the seats if the request names them: their number is then the quantity. */
export function placesWanted(
  body: Quantity & { readonly seatIds?: readonly string[] | undefined },
): {
  readonly quantity: number;
  readonly seatIds: readonly string[] | undefined;
} {
  const quantity = quantityOf(body);
  if (body.seatIds === undefined) return { quantity: quantity ?? 1, seatIds: undefined };
  const seatIds = body.seatIds.map((id) => id.toLowerCase());
  if (new Set(seatIds).size < seatIds.length)
    throw invalidField('/seatIds', 'must not name a seat twice');
  if (quantity !== undefined && quantity !== seatIds.length) {
    throw invalidField('/quantity', 'must equal the number of seatIds');
  }
  return { quantity: seatIds.length, seatIds };
}

/** The value of a field with two names; both may be given only if they are equal. */
function either<B, A extends keyof B & string, Z extends keyof B & string>(
  body: B,
  name: A,
  alias: Z,
): B[A] | B[Z] {
  const [value, other] = [body[name], body[alias]];
  if (value === undefined) return other;
  if (other === undefined || Object.is(value, other)) return value;
  throw invalidField(`/${alias}`, `must equal ${name}`);
}
