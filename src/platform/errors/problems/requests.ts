import { SCOPES } from '../../common/index.js';
import type { FieldSchema, ProblemFactsByCode } from './problem-facts.js';

const FIELD_ERRORS: FieldSchema = {
  type: 'array',
  minItems: 1,
  description:
    'up to 20 of `{pointer, message}`; `pointer` is a JSON pointer into the body, or `/name` for a query parameter',
  items: {
    type: 'object',
    properties: { pointer: { type: 'string' }, message: { type: 'string' } },
    required: ['pointer', 'message'],
  },
};

const POLICY: FieldSchema = {
  enum: [
    'address-reads',
    'address-writes',
    'network-reads',
    'network-writes',
    'key-reads',
    'key-writes',
    'wrong-keys',
    'network-wrong-keys',
    'admin-key-guesses',
    'key-expensive-reads',
    'organiser-expensive-reads',
  ],
  description: 'the limit that was reached',
};

/** API keys. */
export const KEYS = {
  key_required: {
    status: 401,
    detail: 'Send an API key as Authorization: Bearer <key>.',
    meaning: 'The request has no API key',
    action: 'Send `Authorization: Bearer <key>`',
  },
  key_invalid: {
    status: 401,
    detail: 'This API key is unknown, expired, revoked or not sent as Authorization: Bearer <key>.',
    meaning:
      'The API key is unknown, expired, revoked or not sent as `Authorization: Bearer <key>`',
    action: 'Use another key',
  },
  scope_missing: {
    status: 403,
    detail: 'This API key lacks the scope {scope}.',
    meaning: 'The API key is valid but lacks the scope that this endpoint needs',
    action: 'Use a key with that scope',
    fields: {
      scope: { type: 'string', enum: [...SCOPES], description: 'the scope that the key lacks' },
    },
  },
} as const satisfies ProblemFactsByCode;

/** Requests that a page of another site may have made a browser send; only without API keys. */
export const FOREIGN_PAGES = {
  host_not_allowed: {
    status: 403,
    detail: 'This service does not serve the host in the Host header.',
    meaning:
      'With `AUTH_MODE=open`: `Host` is neither a loopback name or address nor listed in `ALLOWED_HOSTS`',
    action: 'Use an address that the operator has allowed',
  },
  cross_origin_request: {
    status: 403,
    detail: 'Pages of other origins must not change anything here.',
    meaning:
      'With `AUTH_MODE=open`: `Origin` or `Sec-Fetch-Site` shows that a page of another origin sent the request, and its method is not GET, HEAD or OPTIONS',
    action: 'Call Rowlock from your server, not from a browser',
  },
} as const satisfies ProblemFactsByCode;

/** Requests that are refused whatever they are about. */
export const REQUESTS = {
  invalid_request: {
    status: 400,
    detail: 'Some fields are missing or invalid.',
    meaning: 'Fields are missing, unknown or invalid',
    action: 'Correct the fields named in `errors`',
    fields: { errors: FIELD_ERRORS },
  },
  malformed_request: {
    status: 400,
    detail: 'The path, the query, the headers or the JSON of the request cannot be read.',
    meaning:
      'The request is not valid HTTP or JSON, its body, path or query is not valid UTF-8, its JSON has far more objects or names than any request needs, or it has two `Host`, `Authorization`, `Content-Type` or `Idempotency-Key` headers',
    action: 'Correct the request',
  },
  idempotency_key_invalid: {
    status: 400,
    detail: 'Idempotency-Key must be 1 to 255 printable ASCII characters.',
    meaning:
      'The `Idempotency-Key` is not 1–255 printable ASCII characters, or has spaces without quotes',
    action: 'Send a valid `Idempotency-Key`',
  },
  idempotency_key_reused: {
    status: 422,
    detail: 'This Idempotency-Key was used for a different request.',
    meaning:
      'The `Idempotency-Key` was used on this route with another body, or another id in the path',
    action: 'Send a new `Idempotency-Key` for a new request',
  },
  not_found: {
    status: 404,
    detail: 'This path does not exist or does not support the method.',
    meaning: 'The path does not exist, or does not support this method',
    action: 'Check the path and the method',
  },
  method_not_allowed: {
    status: 405,
    detail: 'This path does not support the method.',
    meaning:
      'Reserved, never returned. A method that a path does not support returns 404 `not_found`',
  },
  request_timeout: {
    status: 408,
    detail: 'The request took too long to arrive.',
    meaning: 'The request did not arrive within 30 seconds, or its headers within 15',
    action: 'Retry with the same `Idempotency-Key`',
  },
  payload_too_large: {
    status: 413,
    detail: 'The body is larger than 64 kB.',
    meaning: 'The body is larger than 64 kB',
    action: 'Send a smaller body',
  },
  uri_too_long: {
    status: 414,
    detail: 'The path is too long.',
    meaning: 'An id in the path is longer than 100 characters',
    action: 'Check the ids in the path',
  },
  unsupported_media_type: {
    status: 415,
    detail:
      'Send the body as Content-Type: application/json, in UTF-8 and without a Content-Encoding.',
    meaning:
      'The body is not `application/json`, has a charset other than UTF-8, or has a `Content-Encoding`',
    action: 'Send `Content-Type: application/json`, in UTF-8 and not compressed',
  },
  headers_too_large: {
    status: 431,
    detail: 'The headers are too large.',
    meaning: 'The headers are larger than 16 kB',
    action: 'Send fewer or shorter headers',
  },
  rate_limited: {
    status: 429,
    detail: 'Too many requests. Try again after the time in Retry-After.',
    meaning:
      'Too many requests from this client IP address or network or with this API key, too many wrong API keys from there, too many guesses at `ADMIN_API_KEY`, or too many expensive reads at once with this API key or by its organiser',
    action: 'Wait for `Retry-After`, then retry',
    fields: { policy: POLICY },
  },
} as const satisfies ProblemFactsByCode;
