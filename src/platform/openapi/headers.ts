import type { JsonSchema } from '../schema/index.js';

/** Headers of responses. Required ones are in every response that lists them. */
export const RESPONSE_HEADERS = {
  'X-Request-Id': header("The request's id in the log: the one that was sent, or a new one."),
  Location: header('The path of the new resource.', { isOptional: true }),
  ETag: header('The version of the event, for `If-Match`.'),
  Link: header('The next page of the list, if there is one (RFC 8288).', { isOptional: true }),
  'Idempotency-Replayed': header('The stored response to this `Idempotency-Key`.', {
    isOptional: true,
    const: 'true',
  }),
  'Retry-After': header('Seconds to wait before a retry.', { pattern: String.raw`^\d+$` }),
  'RateLimit-Policy': header(
    'Allowed requests per seconds (draft-ietf-httpapi-ratelimit-headers-11).',
    { isOptional: true },
  ),
  RateLimit: header('Remaining requests, and the seconds until the limit resets.', {
    isOptional: true,
  }),
  'WWW-Authenticate': header('Requires an API key.', { const: 'Bearer' }),
} as const;

export type ResponseHeaderName = keyof typeof RESPONSE_HEADERS;

function header(
  description: string,
  { isOptional = false, ...schema }: JsonSchema & { readonly isOptional?: boolean } = {},
): JsonSchema {
  return { description, required: !isOptional, schema: { type: 'string', ...schema } };
}

/** Headers of requests, all optional. */
export const REQUEST_HEADERS = {
  IdempotencyKey: parameter(
    'Idempotency-Key',
    'A unique key for this request. Retries with the same key get the same response for 24 hours, and ' +
      'the change happens once. Plain, or quoted as in the IETF draft.',
    { pattern: '^(?:"[\\x20-\\x21\\x23-\\x7e]{1,255}"|[\\x21\\x23-\\x7e]{1,255})$' },
  ),
  IfMatch: parameter(
    'If-Match',
    'The `ETag` you read. The edit fails if the event has changed since.',
  ),
  RequestId: parameter('X-Request-Id', 'Your id for this request, for the log.'),
} as const;

export type RequestHeader = keyof typeof REQUEST_HEADERS;

function parameter(name: string, description: string, schema: JsonSchema = {}): JsonSchema {
  return {
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string', ...schema },
  };
}
