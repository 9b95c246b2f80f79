import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import {
  Describe,
  IsBoolean,
  IsConstant,
  IsId,
  IsIdList,
  IsInteger,
  IsListOf,
  IsMultiLineText,
  IsNested,
  IsOneOf,
  IsSingleLineText,
  IsString,
  IsTimestamp,
  IsValid,
  IsZonedTime,
  type JsonSchema,
  Nullable,
  Optional,
  RequiredWithout,
  type SchemaClass,
  schemaOfClass,
} from '../../src/platform/schema/index.js';
import { IsIdentifier, IsIdsOf } from '../../src/bookings/request-fields.js';
import { PriceRequest, SeatsRequest } from '../../src/events/dto/create-event.dto.js';

const RUNS = 3_000;

class Part {
  @IsInteger({ min: 1, max: 3 })
  count!: number;

  @Optional()
  @IsSingleLineText(5)
  name?: string;
}

/** A field for each rule. */
class Everything {
  @Optional() @IsInteger({ min: 1, max: 10 }) count?: number;
  @Optional() @IsInteger() integer?: number;
  @Optional() @IsBoolean() flag?: boolean;
  @Optional() @IsConstant(true) yes?: true;
  @Optional() @IsId() id?: string;
  @Optional() @IsIdList() idList?: string[];
  @Optional() @IsIdsOf('seats') ids?: string[];
  @Optional() @IsIdentifier() identifier?: string;
  @Optional() @IsString() string?: string;
  @Optional() @IsSingleLineText(5) line?: string;
  @Optional() @IsOneOf(['a', 'b']) word?: 'a' | 'b';
  @Optional() @IsMultiLineText(5) text?: string;
  @Optional() @IsZonedTime() time?: string;
  @Optional() @IsTimestamp() timestamp?: string;
  @Optional() @IsNested(() => Part) part?: Part;
  @Optional() @IsListOf(() => Part) list?: Part[];
  @Optional() @IsListOf(() => Part, { minItems: 1, maxItems: 2 }) parts?: Part[];
  @Optional() @IsNested(() => PriceRequest) price?: PriceRequest;
  @Optional() @IsNested(() => SeatsRequest) seats?: SeatsRequest;
  @Optional() @Nullable() @IsSingleLineText(5) nullable?: string | null;
  @Optional() @Nullable() @IsNested(() => Part) nullablePart?: Part | null;
}

class Named {
  @RequiredWithout('alias')
  @IsSingleLineText(5)
  name?: string;

  @Optional()
  @IsSingleLineText(5)
  alias?: string;
}

/** The schema of a request, with the schemas it refers to in place. */
const schemaOf = (type: SchemaClass): JsonSchema => ({
  ...schemaOfClass(type, schemaOf),
  additionalProperties: false,
});

const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as typeof addFormats.default)(ajv);

/** Whether the service accepts a body, and whether the document allows it. */
function judge(type: SchemaClass) {
  const allows = ajv.compile(schemaOf(type));
  return (body: object) => {
    const instance = plainToInstance(type, body);
    const options = { whitelist: true, forbidNonWhitelisted: true };
    return { isAccepted: validateSync(instance, options).length === 0, isAllowed: allows(body) };
  };
}

const word = fc.oneof(
  fc.string({ maxLength: 7 }),
  fc.string({ unit: 'binary', maxLength: 7 }),
  fc.constantFrom('a', 'b', 'EUR', 'eur', 'A1', ' ', '\n', '\u2028x', '\u0085', '\ud800', '🎟🎟🎟🎟🎟'),
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.date({ noInvalidDate: true }).map((time) => time.toISOString()),
  fc.constantFrom('2027-03-01T19:30Z', '2027-02-30T00:00:00Z', '2027-03-01', '2027-03-01T19:30:00'),
);
const scalar = fc.oneof(
  word,
  fc.integer({ min: -1, max: 12 }),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const number = fc.oneof(fc.integer({ min: -1, max: 5 }), scalar);
const some = { requiredKeys: [] };
const part = fc.oneof(
  // Without this, lists whose parts are all valid would be too rare.
  fc.record({ count: fc.constant(1) }),
  fc.record({ count: number, name: word, other: word }, some),
  fc.record({ count: number, name: word }, some),
  fc.record({ amount: number, currency: fc.constantFrom('EUR', 'JPY', 'eur', 'XQX') }, some),
  fc.record(
    {
      rows: fc.array(fc.oneof(fc.constantFrom('A', 'B', 'Row 1', 'Row '), word), { maxLength: 3 }),
      perRow: number,
    },
    some,
  ),
);
const list = fc.oneof(
  fc.array(fc.uuid(), { maxLength: 3 }),
  fc.array(part, { maxLength: 3 }),
  fc.array(fc.oneof(word, part), { maxLength: 3 }),
);
const value = fc.oneof(scalar, word, part, list);

const fields = Object.keys(schemaOf(Everything)['properties'] as object);

describe('the schema of a request', () => {
  it.each(fields)('allows every value that the rule accepts: %s', (name) => {
    const judged = judge(Everything);
    const counts = { accepted: 0, rejected: 0 };
    fc.assert(
      fc.property(value, (given) => {
        const { isAccepted, isAllowed } = judged({ [name]: given });
        counts[isAccepted ? 'accepted' : 'rejected'] += 1;
        return !isAccepted || isAllowed;
      }),
      { numRuns: RUNS },
    );
    expect(Math.min(counts.accepted, counts.rejected)).toBeGreaterThan(0);
  });

  /** Rules stricter than a schema can be: a day that exists, well-formed text, … */
  const STRICTER = new Set(
    `identifier line text time timestamp nullable integer
     price seats part list parts nullablePart`.split(/\s+/),
  );
  const EXACT = fields.filter((name) => !STRICTER.has(name));

  it.each(EXACT)('allows no value that the rule rejects: %s', (name) => {
    const judged = judge(Everything);
    fc.assert(
      fc.property(value, (given) => {
        const { isAccepted, isAllowed } = judged({ [name]: given });
        return isAccepted === isAllowed;
      }),
      { numRuns: RUNS },
    );
  });

  it('says which of two fields is required', () => {
    const judged = judge(Named);
    const agreed = (body: object) => {
      const { isAccepted, isAllowed } = judged(body);
      expect(isAllowed).toBe(isAccepted);
      return isAccepted;
    };
    expect(agreed({})).toBe(false);
    expect(agreed({ name: 'ann' })).toBe(true);
    expect(agreed({ alias: 'ann' })).toBe(true);
    expect(agreed({ name: 'ann', alias: 'bob' })).toBe(true);
    expect(agreed({ alias: 'ann', other: 1 })).toBe(false);
  });

  it('inherits fields and descriptions, and may override them', () => {
    class Base {
      @Describe('How many.')
      @IsInteger({ min: 1, max: 3 })
      count?: number;
    }
    class Derived extends Base {
      @Optional()
      @IsInteger({ min: 1, max: 5 })
      declare count?: number;
    }
    expect(schemaOf(Derived)).toEqual({
      type: 'object',
      properties: { count: { type: 'integer', minimum: 1, maximum: 5, description: 'How many.' } },
      additionalProperties: false,
    });
    expect(schemaOf(Base)['required']).toEqual(['count']);
  });

  it('has the type of its field: other fields do not compile', () => {
    class Mistyped {
      // @ts-expect-error a boolean rule on a number
      @IsBoolean() count?: number;
      // @ts-expect-error a value that the type does not have
      @IsOneOf(['a', 'b', 'c']) word?: 'a' | 'b';
      // @ts-expect-error a value that the rule does not have
      @IsOneOf(['a']) letter?: 'a' | 'b';
      // @ts-expect-error the field is always there
      @Optional() @IsString() name!: string;
      // @ts-expect-error the field is never null
      @Nullable() @IsString() title!: string;
    }
    expect(Object.keys(schemaOf(Mistyped)['properties'] as object)).toHaveLength(5);
  });

  it('is required of every rule', () => {
    class Nameless {
      @Optional()
      name?: string;
    }
    expect(() => schemaOf(Nameless)).toThrow('Nameless.name has rules, but no schema');
    const rule = IsValid<string>(() => true, 'must be', { type: 'string' });
    rule(Nameless.prototype, 'name');
    expect(schemaOf(Nameless)).toMatchObject({ properties: { name: { type: 'string' } } });
  });
});

type Schema = Readonly<Record<string, unknown>>;

describe('the requests of docs/openapi.json', () => {
  const document = JSON.parse(readFileSync(join(__dirname, '../../docs/openapi.json'), 'utf8')) as {
    components: { schemas: Record<string, Schema> };
  };
  const { schemas } = document.components;

  /** The names of all fields below a schema that may be null, and of all others. */
  function fieldsBelow(schema: unknown, found = new Map<string, Set<boolean>>()) {
    if (typeof schema !== 'object' || schema === null) return found;
    const properties = (schema as Schema)['properties'] ?? {};
    for (const [name, field] of Object.entries(properties as Record<string, Schema>)) {
      const text = JSON.stringify([field['type'], field['anyOf']]);
      found.set(name, (found.get(name) ?? new Set()).add(text.includes('"null"')));
    }
    for (const below of Object.values(schema)) fieldsBelow(below, found);
    return found;
  }

  const isRequest = (name: string): boolean => /(?:Request|Edit)$/.test(name);
  /** Nobody sends back the history of an event. */
  const isHistory = (name: string): boolean => /^(?:Actor|Change)/.test(name);
  const named = Object.entries(schemas);
  const returned = fieldsBelow(
    named.filter(([name]) => !isRequest(name) && !isHistory(name)).map(([, one]) => one),
  );

  // A cancellation whose `bookingId` is missing cancels other tickets.
  returned.delete('bookingId');

  it.each(named.filter(([name]) => isRequest(name)))(
    '%s accepts null in every field that a response returns as null',
    (_, schema) => {
      const refusing = [...fieldsBelow(schema)]
        .filter(([name, mayBeNull]) => mayBeNull.has(false) && returned.get(name)?.has(true))
        .map(([name]) => name);
      expect(refusing).toEqual([]);
    },
  );
});
