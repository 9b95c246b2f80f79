import { HttpException } from '@nestjs/common';
import { DomainError, type ProblemCode, PROBLEMS } from '../errors/index.js';

/** An invalid field; `pointer` is an RFC 6901 JSON pointer into the body. */
export interface FieldFault {
  readonly pointer: string;
  readonly message: string;
}

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** The body of every response outside 2xx (RFC 9457, application/problem+json). */
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
  readonly code: ProblemCode;
  readonly detail: string;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;
  readonly isReplay: boolean;
}

/** Codes for the errors of the framework, whose own texts may reveal internals. */
const CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed_request',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  431: 'headers_too_large',
};

/** Any error as a client may see it; one that is not expected is an `internal_error`. */
export function toProblem(error: unknown): Problem {
  const expected =
    error instanceof DomainError
      ? error
      : new DomainError(CODES[statusOf(error)] ?? 'internal_error');
  const { code, message: detail, extensions, retryAfterSeconds, isReplay } = expected;
  return { status: PROBLEMS[code].status, code, detail, extensions, retryAfterSeconds, isReplay };
}

/** Nest throws HttpExceptions, Fastify errors with a `statusCode`. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status: unknown = error instanceof Error && 'statusCode' in error && error.statusCode;
  return typeof status === 'number' ? status : 500;
}

const titleOf = (code: string): string => {
  const text = code.replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

export function toProblemDetails(
  problem: Problem,
  request: { readonly path: string; readonly id: string },
): ProblemDetails {
  return {
    type: `urn:rowlock:problem:${problem.code}`,
    title: titleOf(problem.code),
    status: problem.status,
    detail: problem.detail,
    instance: request.path,
    code: problem.code,
    requestId: request.id,
    ...problem.extensions,
  };
}
