import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import {
  IsCount,
  IsField,
  IsFlag,
  IsId,
  IsLine,
  IsOneOf,
  IsPart,
  IsParts,
  IsText,
  IsTime,
  type JsonSchema,
  Describe,
  Optional,
  Removable,
  RequiredUnless,
  requestSchema,
  type RequestClass,
} from '../../src/platform/schema/index.js';
import { IsIdentifier, IsIds } from '../../src/bookings/request-fields.js';
import { PriceRequest, SeatsRequest } from '../../src/events/dto/create-event.dto.js';

const RUNS = 3_000;

class Part {
  @IsCount(3)
  count!: number;

  @Optional()
  @IsLine(5)
  name?: string;
}

/** A field by each rule that there is. */
class Everything {
  @Optional() @IsCount(10) count?: number;
  @Optional() @IsFlag() flag?: boolean;
  @Optional() @IsId() id?: string;
  @Optional() @IsIds('seats') ids?: string[];
  @Optional() @IsIdentifier() identifier?: string;
  @Optional() @IsLine(5) line?: string;
  @Optional() @IsOneOf(['a', 'b']) word?: string;
  @Optional() @IsText(5) text?: string;
  @Optional() @IsTime() time?: string;
  @Optional() @IsPart(() => Part) part?: Part;
  @Optional() @IsParts(() => Part, 2) parts?: Part[];
  @Optional() @IsPart(() => PriceRequest) price?: PriceRequest;
  @Optional() @IsPart(() => SeatsRequest) seats?: SeatsRequest;
  @Removable() @IsLine(5) removable?: string | null;
  @Removable() @IsPart(() => Part) removablePart?: Part | null;
}

class Named {
  @RequiredUnless('alias')
  @IsLine(5)
  name?: string;

  @Optional()
  @IsLine(5)
  alias?: string;
}

/** With all that it refers to put in its place. */
const schemaOf = (type: RequestClass): JsonSchema => requestSchema(type, schemaOf);

const ajv = new Ajv2020({ strict: false });
(addFormats as unknown as typeof addFormats.default)(ajv);

/** Whether the service would take it, and whether the document says that it would. */
function judge(type: RequestClass) {
  const allows = ajv.compile(schemaOf(type));
  return (body: object) => {
    const instance = plainToInstance(type, body);
    const options = { whitelist: true, forbidNonWhitelisted: true };
    return { isTaken: validateSync(instance, options).length === 0, isAllowed: allows(body) };
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
  // Otherwise a list of parts that are all valid is too rare.
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
  it.each(fields)('allows all that the rules take: %s', (name) => {
    const judged = judge(Everything);
    const counts = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(value, (given) => {
        const { isTaken, isAllowed } = judged({ [name]: given });
        counts[isTaken ? 'taken' : 'refused'] += 1;
        return !isTaken || isAllowed;
      }),
      { numRuns: RUNS },
    );
    expect(counts).toEqual({ taken: expect.any(Number), refused: expect.any(Number) });
    expect(Math.min(counts.taken, counts.refused)).toBeGreaterThan(0);
  });

  /** Where a rule asks for more than a schema can say: a day that there is, well-formed text, … */
  const STRICTER = ['identifier', 'line', 'text', 'time', 'price', 'seats', 'part', 'parts'];
  const EXACT = fields.filter((name) => !STRICTER.includes(name) && !name.startsWith('removable'));

  it.each(EXACT)('allows nothing that the rules refuse: %s', (name) => {
    const judged = judge(Everything);
    fc.assert(
      fc.property(value, (given) => {
        const { isTaken, isAllowed } = judged({ [name]: given });
        return isTaken === isAllowed;
      }),
      { numRuns: RUNS },
    );
  });

  it('says which of two fields is needed', () => {
    const judged = judge(Named);
    const agreed = (body: object) => {
      const { isTaken, isAllowed } = judged(body);
      expect(isAllowed).toBe(isTaken);
      return isTaken;
    };
    expect(agreed({})).toBe(false);
    expect(agreed({ name: 'ann' })).toBe(true);
    expect(agreed({ alias: 'ann' })).toBe(true);
    expect(agreed({ name: 'ann', alias: 'bob' })).toBe(true);
    expect(agreed({ alias: 'ann', other: 1 })).toBe(false);
  });

  it('takes fields and words from the class above, unless it has its own', () => {
    class Above {
      @Describe('How many.')
      @IsCount(3)
      count!: number;
    }
    class Below extends Above {
      @Optional()
      @IsCount(5)
      declare count: number;
    }
    expect(schemaOf(Below)).toEqual({
      type: 'object',
      properties: { count: { type: 'integer', minimum: 1, maximum: 5, description: 'How many.' } },
      additionalProperties: false,
    });
    expect(schemaOf(Above)['required']).toEqual(['count']);
  });

  it('is missed where a rule has none', () => {
    class Nameless {
      @Optional()
      name?: string;
    }
    expect(() => schemaOf(Nameless)).toThrow('Nameless.name has rules, but no schema');
    const rule = IsField('isAny', () => true, 'must be', { type: 'string' });
    rule(Nameless.prototype, 'name');
    expect(schemaOf(Nameless)).toMatchObject({ properties: { name: { type: 'string' } } });
  });
});
