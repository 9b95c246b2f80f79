import { HttpException } from '@nestjs/common';
import { DomainError, type DomainErrorKind } from '../errors/index.js';

/** An error in one field; `pointer` is an RFC 6901 JSON pointer into the body. */
export interface FieldFault {
  readonly pointer: string;
  readonly message: string;
}

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** The body of every response that is not 2xx (RFC 9457, application/problem+json). */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId: string;
  readonly errors?: readonly FieldFault[];
}

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;
  readonly isReplay: boolean;
}

/** The only place that gives refusals their status. */
const STATUS: Readonly<Record<DomainErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  precondition_failed: 412,
  unprocessable: 422,
  rate_limited: 429,
  unavailable: 503,
};

export const MALFORMED =
  'The request could not be understood: its address, its headers or its JSON is not well-formed.';

/** Refusals of the framework, in our words: its own messages may reveal internals. */
const BY_STATUS: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  400: ['malformed_request', MALFORMED],
  404: ['not_found', 'There is nothing at this address.'],
  405: ['method_not_allowed', 'This address does not know that method.'],
  408: ['request_timeout', 'The request took too long to arrive.'],
  413: ['payload_too_large', 'The body is larger than 64 kB.'],
  414: ['uri_too_long', 'The address is too long.'],
  415: ['unsupported_media_type', 'Send the body as Content-Type: application/json.'],
  429: ['rate_limited', 'Too many requests. Try again after the time in Retry-After.'],
  431: ['headers_too_large', 'The headers are too large.'],
};

const BUG = {
  status: 500,
  code: 'internal_error',
  detail: 'Something went wrong on our side. The request id helps to find it.',
  extensions: {},
  retryAfterSeconds: undefined,
  isReplay: false,
} satisfies Problem;

/** Accepts anything that was thrown. An unexpected error is a bug, and its response reveals nothing about it. */
export function toProblem(error: unknown): Problem {
  if (error instanceof DomainError) {
    const { kind, code, message: detail, extensions, retryAfterSeconds, isReplay } = error;
    return { status: STATUS[kind], code, detail, extensions, retryAfterSeconds, isReplay };
  }
  const known = BY_STATUS[statusOf(error)];
  if (known === undefined) return BUG;
  const [code, detail] = known;
  return { ...BUG, status: statusOf(error), code, detail };
}

/** Nest throws HttpExceptions, Fastify errors with a `statusCode`. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status: unknown = error instanceof Error && 'statusCode' in error && error.statusCode;
  return typeof status === 'number' ? status : 500;
}

const words = (code: string): string => {
  const text = code.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export function toProblemDetails(
  problem: Problem,
  request: { readonly path: string; readonly id: string },
): ProblemDetails {
  return {
    type: `urn:rowlock:problem:${problem.code}`,
    title: words(problem.code),
    status: problem.status,
    detail: problem.detail,
    instance: request.path,
    code: problem.code,
    requestId: request.id,
    ...problem.extensions,
  };
}
