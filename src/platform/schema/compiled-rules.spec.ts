import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { BookRequest, CancelRequest } from '../../bookings/unversioned-bookings.dto.js';
import { ListBookingsRequest } from '../../bookings/bookings.dto.js';
import { compileRules } from './compiled-rules.js';
import type { SchemaClass } from './class-schema.js';
import { IsInteger, IsNested } from './fields.js';

const RUNS = 5_000;

const text = fc.oneof(
  fc.constantFrom(
    'ann@example.org',
    ' ',
    '\n',
    'wait',
    'refuse',
    'BOOKED',
    'CONFIRMED',
    '3',
    '-1',
    '',
  ),
  fc.uuid(),
  fc.uuid().map((id) => id.toUpperCase()),
  fc.string({ unit: 'binary', maxLength: 7 }),
);
const value = fc.oneof(
  text,
  text,
  fc.integer({ min: -1, max: 5 }),
  fc.array(fc.oneof(fc.uuid(), fc.integer()), { maxLength: 3 }),
  fc.constantFrom(null, undefined, true, {}, 1.5),
);

/** By class-validator and class-transformer themselves. */
function validated(type: SchemaClass, body: object): object | undefined {
  const instance = plainToInstance(type, body);
  const errors = validateSync(instance, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  });
  return errors.length === 0 ? instance : undefined;
}

const NAMES = ['identifier', 'userId', 'eventId', 'sectionId', 'quantity', 'qty', 'onSoldOut'];
const OTHERS = [
  'seatIds',
  'ticketIds',
  'bookingId',
  'cursor',
  'limit',
  'page',
  'status',
  'unknown',
];

describe('compiled rules', () => {
  it.each([BookRequest, CancelRequest, ListBookingsRequest])(
    'accept exactly the bodies that class-validator accepts, with the same result: %p',
    (type) => {
      const accept = compileRules(type);
      const counts = { accepted: 0, rejected: 0 };
      const person = fc.record({ identifier: text, eventId: fc.uuid() });
      const rest = fc.dictionary(fc.constantFrom(...NAMES, ...OTHERS), value, { maxKeys: 2 });
      fc.assert(
        fc.property(fc.oneof(person, fc.constant({})), rest, (some, more) => {
          const body = { ...some, ...more };
          const expected = validated(type, body);
          counts[expected === undefined ? 'rejected' : 'accepted'] += 1;
          expect(accept(body)).toStrictEqual(expected);
        }),
        { numRuns: RUNS },
      );
      expect(Math.min(counts.accepted, counts.rejected)).toBeGreaterThan(RUNS / 50);
    },
  );

  it('leave the body as it is', () => {
    const body = Object.freeze({ eventId: 'AB', identifier: 'ann' });
    expect(compileRules(BookRequest)(body)).toBeUndefined();
  });

  it('leave classes with nested classes to class-validator', () => {
    class Part {
      @IsInteger() count!: number;
    }
    class Whole {
      @IsNested(() => Part) part!: Part;
    }
    expect(compileRules(Whole)({ part: { count: 1 } })).toBeUndefined();
  });
});
