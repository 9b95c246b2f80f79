/**
 * What sort of refusal an error is. HTTP turns each kind into one status, in one place
 * (http/problem-details.ts); nothing below the controllers knows a status number.
 */
export type DomainErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'unprocessable'
  | 'rate_limited'
  | 'unavailable';

export interface DomainErrorOptions {
  /** Facts a client may act on, added to the problem document (never internals or other people's data). */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** For `unavailable` and `rate_limited`: when to try again. */
  readonly retryAfterSeconds?: number;
  /** The refusal that an earlier attempt with the same idempotency key got. */
  readonly isReplay?: boolean;
  readonly cause?: unknown;
}

/** An expected refusal: has a stable, documented `code` and a sentence that is safe to show. */
export class DomainError extends Error {
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;
  readonly isReplay: boolean;

  constructor(
    readonly kind: DomainErrorKind,
    /** snake_case, stable: clients branch on it. */
    readonly code: string,
    detail: string,
    options: DomainErrorOptions = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = new.target.name;
    this.extensions = options.extensions ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.isReplay = options.isReplay ?? false;
  }
}
