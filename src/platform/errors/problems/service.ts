import type { FieldSchema, ProblemFactsByCode } from './problem-facts.js';

const CHECKS: FieldSchema = {
  type: 'object',
  description:
    '`service` (`up`, `draining`), `database` (`up`, `down`), `lanes` (`up`, `full`, `stuck`), `writes` (`up`, `failing`, `full`), `schema` (`up`, `older`, `newer`, `unknown`)',
  properties: {
    service: { enum: ['up', 'draining'] },
    database: { enum: ['up', 'down'] },
    lanes: { enum: ['up', 'full', 'stuck'] },
    writes: { enum: ['up', 'failing', 'full'] },
    schema: { enum: ['up', 'older', 'newer', 'unknown'] },
  },
  required: ['service', 'database', 'lanes', 'writes', 'schema'],
};

const HOST: FieldSchema = {
  type: ['string', 'null'],
  description: 'the host in use, if `DATABASE_URL` names several',
};

/** The state of the service. */
export const SERVICE = {
  overloaded: {
    status: 503,
    detail: 'The service is at its limit. Try again shortly.',
    meaning:
      'A queue of the service is full, or the request waited in it for 10 seconds. Nothing was begun',
    action: 'Wait for `Retry-After`, then retry with the same `Idempotency-Key`',
  },
  lock_timeout: {
    status: 503,
    detail: 'Too many requests wanted the same places at once. Nothing was changed. Try again.',
    meaning:
      'Other requests held the lock on these places for too long, or the database stopped a statement at its time limit. Nothing was changed',
    action: 'Wait for `Retry-After`, then retry with the same `Idempotency-Key`',
  },
  read_timeout: {
    status: 503,
    detail: 'This read took too long and was stopped. Ask for less, or try again later.',
    meaning:
      'The database stopped a read that took longer than `DATABASE_READ_TIMEOUT_SECONDS`. Nothing was changed',
    action:
      'Ask for less: a smaller `limit`, one section. Otherwise wait for `Retry-After`, then retry',
  },
  database_unavailable: {
    status: 503,
    detail: 'The database is not available. Nothing was changed. Try again.',
    meaning:
      'The database cannot be reached, does not let the service in, or cannot write now. Nothing was changed',
    action: 'Wait for `Retry-After`, then retry with the same `Idempotency-Key`',
  },
  outcome_unknown: {
    status: 503,
    detail:
      'The connection to the database broke during the commit, so the change may or may not have happened. Retry with the same Idempotency-Key, or check the status.',
    meaning:
      'The connection to the database broke during the commit, and for 10 seconds the service could not find out whether the change happened, or each further attempt failed. The load balancer in `deploy/nginx` returns this too if an instance sent no response',
    action:
      'Retry with the same `Idempotency-Key`: the change then happens once. If you sent none, check the booking or the status first',
    fields: { outcome: { const: 'unknown' } },
  },
  not_ready: {
    status: 503,
    detail: 'This instance cannot serve requests now.',
    meaning: 'Only `/health/ready`: this instance should get no requests',
    action: 'Send requests to another instance',
    fields: { databaseHost: HOST, checks: CHECKS },
  },
  internal_error: {
    status: 500,
    detail: 'Internal error. Report it with the requestId.',
    meaning: 'A bug. The log has the details under the `requestId`',
    action: 'Retry with the same `Idempotency-Key`, and report it with the `requestId`',
  },
} as const satisfies ProblemFactsByCode;
