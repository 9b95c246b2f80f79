import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { CancelBookingRequest, ListBookingsRequest } from '../../src/bookings/bookings.dto.js';
import { BookRequest, CancelRequest } from '../../src/bookings/unversioned-bookings.dto.js';
import { OpenRequest } from '../../src/events/dto/create-event.dto.js';
import { EditRequest } from '../../src/events/dto/edit-event.dto.js';
import { ListQuery } from '../../src/events/dto/list-events.dto.js';
import { HoldRequest } from '../../src/holds/holds.dto.js';
import { compileRules, type SchemaClass, schemaOfClass } from '../../src/platform/schema/index.js';
import { ListSeatsRequest, SeatPersonRequest } from '../../src/seats/seats.dto.js';
import { ListEntriesRequest } from '../../src/waitlist/waitlist.dto.js';

const RUNS = 1_000;

/** Every body and query that a route validates. */
const COMPILED = [
  BookRequest,
  CancelRequest,
  CancelBookingRequest,
  ListBookingsRequest,
  ListQuery,
  HoldRequest,
  ListSeatsRequest,
  SeatPersonRequest,
  ListEntriesRequest,
];
const NESTED = [OpenRequest, EditRequest];

const text = fc.oneof(
  fc.constantFrom('ann@example.org', ' ', '\n', '3', '-1', ''),
  fc.constantFrom('wait', 'refuse', 'BOOKED', 'CONFIRMED', 'DRAFT', 'AVAILABLE'),
  fc.constantFrom('2027-03-01T19:30Z', Buffer.from('["a"]').toString('base64url')),
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

/** Bodies with what the class requires, or nothing, and some other fields. */
function bodiesOf(type: SchemaClass) {
  const names = Object.keys(schemaOfClass(type, () => ({}))['properties'] as object);
  const required = { eventId: fc.uuid(), identifier: text };
  const own = Object.entries(required).filter(([name]) => names.includes(name));
  const some = fc.oneof(fc.record(Object.fromEntries(own)), fc.constant({}));
  const more = fc.dictionary(fc.constantFrom(...names, 'unknown'), value, { maxKeys: 2 });
  return fc.tuple(some, more).map(([first, second]): object => ({ ...first, ...second }));
}

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

/** The same fields in an object without prototype, or with another field that JSON can have. */
const DISGUISES: readonly ((body: object) => object)[] = [
  (body) => Object.assign(Object.create(null) as object, body),
  ...['"__proto__":{"quantity":1}', '"__proto__":1', '"constructor":{}', '"constructor":1'].map(
    (field) => (body: object) => ({ ...JSON.parse(`{${field}}`), ...body }),
  ),
];

describe('compiled rules', () => {
  it.each(COMPILED)(
    'accept exactly the bodies that class-validator accepts, with the same result: %p',
    (type) => {
      const accept = compileRules(type);
      const counts = { accepted: 0, rejected: 0 };
      const accepts = (body: object) => {
        const expected = validated(type, body);
        counts[expected === undefined ? 'rejected' : 'accepted'] += 1;
        expect(accept({ ...body })).toStrictEqual(expected);
      };
      fc.assert(fc.property(bodiesOf(type), accepts), { numRuns: RUNS });
      expect(Math.min(counts.accepted, counts.rejected)).toBeGreaterThan(RUNS / 50);
    },
  );

  it.each(COMPILED)('accept no hostile body with another result: %p', (type) => {
    const accept = compileRules(type);
    const property = fc.property(
      bodiesOf(type),
      fc.constantFrom(...DISGUISES),
      (plain, disguise) => {
        const body = disguise(plain);
        const accepted = accept(body as Record<string, unknown>);
        if (accepted !== undefined) expect(accepted).toStrictEqual(validated(type, body));
      },
    );
    fc.assert(property, { numRuns: RUNS });
    expect(({} as Record<string, unknown>)['quantity']).toBeUndefined();
  });

  it('leave the body as it is', () => {
    const body = Object.freeze({ eventId: 'AB', identifier: 'ann' });
    expect(compileRules(BookRequest)(body)).toBeUndefined();
  });

  it.each(NESTED)('leave classes with nested classes to class-validator: %p', (type) => {
    expect(compileRules(type)({ name: 'First night', totalTickets: 1 })).toBeUndefined();
  });

  it('leave classes without rules to class-validator', () => {
    class Plain {
      name?: string;
    }
    expect(compileRules(Plain)({})).toBeUndefined();
  });
});
