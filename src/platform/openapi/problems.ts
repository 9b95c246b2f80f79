import { type JsonSchema, UUID_SCHEMA } from '../schema/index.js';
import { SCOPES } from '../http/index.js';

export interface ProblemFacts {
  readonly status: number;
  /** As docs/errors.md says it. */
  readonly means: string;
  /** What it says beside what every problem document says. */
  readonly fields?: Readonly<Record<string, JsonSchema>>;
  /** Those of the fields that are not always there. */
  readonly sometimes?: readonly string[];
  /** Whether an attempt with an idempotency key gets it again. */
  readonly isKept?: boolean;
}

const COUNT: JsonSchema = { type: 'integer', minimum: 0 };
const IDS: JsonSchema = { type: 'array', items: UUID_SCHEMA };
const CHECKS: JsonSchema = {
  type: 'object',
  properties: {
    service: { enum: ['up', 'draining'] },
    database: { enum: ['up', 'down'] },
    lanes: { enum: ['up', 'full', 'stuck'] },
  },
  required: ['service', 'database', 'lanes'],
};
const POLICY: JsonSchema = {
  enum: ['address-reads', 'address-writes', 'key-reads', 'key-writes', 'wrong-keys'],
};
const FAULTS: JsonSchema = {
  type: 'array',
  minItems: 1,
  items: {
    type: 'object',
    properties: {
      pointer: {
        type: 'string',
        description: 'A JSON pointer to the field of the body, or `/name` of the query.',
      },
      message: { type: 'string' },
    },
    required: ['pointer', 'message'],
  },
};

/** Every code that the service can answer, in the order of docs/errors.md. */
export const PROBLEMS: Readonly<Record<string, ProblemFacts>> = {
  sold_out: {
    status: 409,
    means:
      'So many places are not free, or they belong to the people who wait. Only for those who do not wait: `onSoldOut: "refuse"`, holds, chosen seats, events without a line',
    fields: { requested: COUNT },
    isKept: true,
  },
  already_waiting: {
    status: 409,
    means:
      "The person would have to join this section's line, and is in it already: an entry that waits or is offered places",
    isKept: true,
  },
  waitlist_full: {
    status: 409,
    means: 'There is no place for him, and the line is as long as it may be',
    fields: { max: COUNT },
    isKept: true,
  },
  exceeds_capacity: {
    status: 409,
    means: 'More than the section has: no cancellation could ever make it fit',
    fields: { requested: COUNT, capacity: COUNT },
    isKept: true,
  },
  limit_exceeded: {
    status: 409,
    means:
      'The event lets one booking or one person have so many, or it is more than 10,000 in one booking',
    fields: { requested: COUNT, limit: COUNT, per: { enum: ['booking', 'person'] }, has: COUNT },
    sometimes: ['has'],
    isKept: true,
  },
  event_not_on_sale: {
    status: 409,
    means: 'The event is a draft or was called off; holds and offers cannot be booked then either',
    isKept: true,
  },
  seat_taken: {
    status: 409,
    means: 'Booked or held, by whomever',
    fields: { seatIds: IDS },
    isKept: true,
  },
  seat_not_found: {
    status: 404,
    means: 'This section has no such seats',
    fields: { seatIds: IDS },
    sometimes: ['seatIds'],
    isKept: true,
  },
  too_many_attempts: {
    status: 429,
    means:
      'This person has tried too often to get places of this event; repeated requests count, whatever became of them. Nothing was changed',
    fields: { limit: COUNT, windowSeconds: COUNT },
  },
  section_not_seated: {
    status: 409,
    means: 'Seats were chosen where places have no numbers',
    isKept: true,
  },
  booking_not_found: {
    status: 404,
    means:
      "There is none, or it is cancelled, or (with an identifier) not this person's; for `/cancel` alone also that the person does not wait",
    isKept: true,
  },
  ticket_not_found: {
    status: 404,
    means:
      'At least one of the tickets is unknown, cancelled, or not of this person or booking; none was cancelled',
    isKept: true,
  },
  quantity_exceeds_booking: {
    status: 409,
    means: 'More than there are; none was cancelled',
    fields: { requested: COUNT, held: COUNT },
    isKept: true,
  },
  hold_not_found: {
    status: 404,
    means: 'There is no such hold. To be given back: also if it was, or its time is over',
    isKept: true,
  },
  hold_expired: {
    status: 409,
    means: 'Its time was over before it was confirmed; its places are gone',
    isKept: true,
  },
  hold_released: {
    status: 409,
    means: 'It was given back, its offer was turned down, or the event was called off',
    isKept: true,
  },
  hold_confirmed: { status: 409, means: 'It has become a booking', isKept: true },
  entry_not_found: {
    status: 404,
    means:
      'There is no such entry, or it has ended: its person left, was given places or turned them down, or the event was called off',
    isKept: true,
  },
  not_offered: {
    status: 409,
    means: 'It still waits: there is nothing to accept or turn down',
    isKept: true,
  },
  offer_expired: {
    status: 409,
    means: 'The offer was not answered in time and has gone to the next',
    isKept: true,
  },
  event_not_found: { status: 404, means: 'There is no such event' },
  section_not_found: { status: 404, means: 'This event has no such section' },
  section_required: { status: 400, means: 'The event has several sections and none was named' },
  capacity_below_sold: {
    status: 409,
    means: 'The capacity would be less than what is sold already; nothing of the edit happened',
    fields: { requested: COUNT, sold: COUNT },
  },
  section_seated: {
    status: 409,
    means: 'The capacity of a section with seats is the number of its seats',
  },
  event_cancelled: {
    status: 409,
    means: 'The event was called off: it cannot be edited or published',
  },
  precondition_failed: {
    status: 412,
    means: '`If-Match` names another version than the event has: somebody edited it since',
  },
  key_required: { status: 401, means: 'The request shows no API key' },
  key_invalid: {
    status: 401,
    means: 'The key is unknown, expired or revoked, or the header says something else',
  },
  scope_missing: {
    status: 403,
    means: 'The key is good, but not for this',
    fields: { scope: { type: 'string', enum: [...SCOPES] } },
  },
  invalid_request: {
    status: 400,
    means: 'Fields are missing, unknown, or not valid',
    fields: { errors: FAULTS },
  },
  malformed_request: {
    status: 400,
    means:
      'Not JSON, or with far more objects or names than any request has, an address that cannot be decoded, or not even HTTP',
  },
  idempotency_key_invalid: {
    status: 400,
    means: '`Idempotency-Key` is not 1–255 printable ASCII characters (with spaces only in quotes)',
  },
  idempotency_key_reused: {
    status: 422,
    means:
      'The key named another request of this route: another body, or another id in the address',
  },
  not_found: { status: 404, means: 'There is no such address, or it has no such method' },
  method_not_allowed: {
    status: 405,
    means: 'No address answers so today: a method that it does not have is 404 `not_found`',
  },
  request_timeout: {
    status: 408,
    means: 'The request did not arrive within 30 seconds, or its headers within 15',
  },
  payload_too_large: { status: 413, means: 'The body is larger than 64 kB' },
  uri_too_long: { status: 414, means: 'An id in the address is longer than 100 characters' },
  unsupported_media_type: { status: 415, means: 'The body is not `application/json`' },
  headers_too_large: { status: 431, means: 'The headers are larger than 16 kB' },
  rate_limited: {
    status: 429,
    means: 'Too many requests of this address or key, or too many wrong keys of this address',
    fields: { policy: POLICY },
  },
  overloaded: {
    status: 503,
    means: 'A queue is full, or the wait in it took 10 seconds. Nothing was begun',
  },
  lock_timeout: {
    status: 503,
    means: 'Others held the same places for too long. Nothing was changed',
  },
  database_unavailable: {
    status: 503,
    means: 'The database cannot be reached or cannot write. Nothing was changed',
  },
  outcome_unknown: {
    status: 503,
    means:
      'The connection broke while the change was committed, and nobody could be asked for 10 seconds: it happened or it did not. The load balancer of this repository says the same when an instance gave no answer',
    fields: { outcome: { const: 'unknown' } },
  },
  not_ready: {
    status: 503,
    means: 'Only `/health/ready`: this instance should be given no requests',
    fields: { checks: CHECKS },
  },
  internal_error: { status: 500, means: 'A bug; the log has it under `requestId`' },
};

/** @throws {Error} if the service has no such code */
export function problem(code: string): ProblemFacts {
  const facts = PROBLEMS[code];
  if (facts === undefined) throw new Error(`No problem has the code "${code}"`);
  return facts;
}
