import type { JsonSchema } from '../schema/index.js';

/** Headers of answers. Those that are required are in each answer that names them. */
export const ANSWER_HEADERS = {
  'X-Request-Id': header('Finds the request in the log: that of the request, or a new one.', {
    type: 'string',
  }),
  Location: header('Where the new thing is.', { type: 'string' }, false),
  ETag: header('The version of the event, for `If-Match`.', { type: 'string' }),
  Link: header('Where the next part of the list is, if there is one (RFC 8288).', {}, false),
  'Idempotency-Replayed': header(
    'The answer of an earlier request with this `Idempotency-Key`.',
    { type: 'string', const: 'true' },
    false,
  ),
  'Retry-After': header('Seconds until it is worth context again.', {
    type: 'string',
    pattern: String.raw`^\d+$`,
  }),
  'RateLimit-Policy': header(
    'How many requests are allowed in how many seconds (draft-ietf-httpapi-ratelimit-headers-11).',
    {},
    false,
  ),
  RateLimit: header('How many of them are left, and for how many seconds.', {}, false),
  'WWW-Authenticate': header('That an API key is asked for.', { type: 'string', const: 'Bearer' }),
} as const;

export type AnswerHeaderName = keyof typeof ANSWER_HEADERS;

function header(description: string, schema: JsonSchema, required = true): JsonSchema {
  return { description, required, schema: { type: 'string', ...schema } };
}

/** Headers of requests; none has to be there. */
export const REQUEST_HEADERS = {
  IdempotencyKey: parameter(
    'Idempotency-Key',
    'Your own name for this attempt. Repeated with it, the request happens once and gets the same ' +
      'answer, for 24 hours. Bare, or quoted as in the IETF draft.',
    '^(?:"[\\x20-\\x21\\x23-\\x7e]{1,255}"|[\\x21\\x23-\\x7e]{1,255})$',
  ),
  IfMatch: parameter('If-Match', 'The `ETag` that was read. Fails if the event was edited since.'),
  RequestId: parameter('X-Request-Id', 'Your own name for the request, for the log.'),
} as const;

function parameter(name: string, description: string, pattern?: string): JsonSchema {
  return {
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string', ...(pattern !== undefined && { pattern }) },
  };
}
