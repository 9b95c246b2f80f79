import { DomainError, type ProblemCode } from '../../platform/errors/index.js';
import { describeError, type ErrorDescription } from '../../platform/logging/index.js';

/** An error that has crossed threads; its message and stack are those that may be logged. */
export interface ErrorData {
  /** Of a DomainError. */
  readonly code?: ProblemCode;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds?: number | undefined;
  readonly description: ErrorDescription;
}

export function toErrorData(error: unknown): ErrorData {
  const description = describeError(error);
  if (!(error instanceof DomainError)) return { description };
  const { code, extensions, retryAfterSeconds } = error;
  return { code, extensions, retryAfterSeconds, description };
}

export function toError({ code, description, ...rest }: ErrorData): Error {
  const cause = description.cause && described(description.cause);
  if (code === undefined) return described(description);
  const { extensions = {}, retryAfterSeconds } = rest;
  const options = { extensions, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) };
  return new DomainError(code, { ...options, cause });
}

function described({ type, message, stack, errno, cause }: ErrorDescription): Error {
  const error = new Error(message, cause && { cause: described(cause) });
  // The number and the code of a database error: all of it that may be logged.
  if (errno !== undefined) Object.assign(error, { errno, code: message });
  error.name = type;
  error.stack = `${type}: ${message}\n${stack ?? ''}`;
  return error;
}
