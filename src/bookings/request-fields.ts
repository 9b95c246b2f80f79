import { ArrayMaxSize, ArrayNotEmpty, IsArray } from 'class-validator';
import { SINGLE_LINE_PATTERN } from '../platform/common/index.js';
import { invalidField, PageQuery } from '../platform/http/index.js';
import {
  Describe,
  type FieldDecorator,
  fieldDecorator,
  IsId,
  IsIdList,
  IsInteger,
  IsValid,
  Optional,
  RequiredWithout,
} from '../platform/schema/index.js';
import {
  IDENTIFIER_LENGTH_MAX,
  IDENTIFIER_UNITS_MAX,
  isIdentifier,
  normaliseIdentifier,
  type Person,
} from '../users/index.js';

/** Above any capacity: such quantities are valid, and refused with `exceeds_capacity`. */
const QUANTITY_MAX = 2_147_483_647;
const IDS_MAX = 100;

/** The text that identifies a person: an e-mail address, for example. */
export const IsIdentifier = (): FieldDecorator<string> =>
  IsValid(
    isIdentifier,
    `must be 1 to ${IDENTIFIER_LENGTH_MAX} characters of text, none of them a control, private-use or unassigned character`,
    // Rowlock trims before it measures; no schema can say that.
    { type: 'string', minLength: 1, maxLength: IDENTIFIER_UNITS_MAX, pattern: SINGLE_LINE_PATTERN },
  );

/** The ids of some seats or tickets. */
export const IsIdsOf = (things: 'seats' | 'tickets'): FieldDecorator<readonly string[]> =>
  fieldDecorator<readonly string[]>(
    IsArray({ message: `must be a list of ids of ${things}` }),
    ArrayNotEmpty({ message: `must name at least one of the ${things}` }),
    ArrayMaxSize(IDS_MAX, { message: `must name at most ${IDS_MAX} ${things}` }),
    IsIdList({ minItems: 1, maxItems: IDS_MAX }),
  );

/** The query of a list that can be limited to one person. */
export class PersonPageQuery extends PageQuery {
  @Optional() @IsIdentifier() identifier?: string;

  @Describe('Another name for `identifier`.')
  @Optional()
  @IsIdentifier()
  userId?: string;
}

/** A request on behalf of a person. */
export class PersonRequest {
  @Describe(
    `Identifies the customer: an e-mail address or any text of 1 to ${IDENTIFIER_LENGTH_MAX} characters.`,
  )
  @RequiredWithout('userId')
  @IsIdentifier()
  identifier?: string;

  @Describe('Another name for `identifier`.')
  @Optional()
  @IsIdentifier()
  userId?: string;
}

/** A request on behalf of a person, about a section of an event. */
export class PersonAtEvent extends PersonRequest {
  @IsId() eventId!: string;

  @Describe('Required if the event has several sections.')
  @Optional()
  @IsId()
  sectionId?: string;
}

interface Quantity {
  quantity?: number;
  qty?: number;
}

/** Adds `quantity` and its other name to the fields of a request. */
export function WithQuantity<Base extends object>(base: new () => Base): new () => Base & Quantity {
  class QuantityFields extends (base as new () => object) implements Quantity {
    @Optional()
    @IsInteger({ min: 1, max: QUANTITY_MAX })
    quantity?: number;

    @Describe('Another name for `quantity`.')
    @Optional()
    @IsInteger({ min: 1, max: QUANTITY_MAX })
    qty?: number;
  }
  return QuantityFields as new () => Base & Quantity;
}

/** The person of a request. The same identifier means different people to different organisers. */
export const personOf = (
  body: { readonly identifier?: string | undefined; readonly userId?: string | undefined },
  { organiserId }: Pick<Person, 'organiserId'>,
): Person => ({
  organiserId,
  identifier: normaliseIdentifier(either(body, 'identifier', 'userId')!),
});

export const quantityOf = (body: Readonly<Quantity>): number | undefined =>
  either(body, 'quantity', 'qty');

/** The places that a request asks for. With `seatIds`, their number is the quantity. */
export function placesWanted(
  body: Readonly<Quantity> & { readonly seatIds?: readonly string[] | undefined },
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

/** The value of a field with two names. Two different values are an error. */
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
