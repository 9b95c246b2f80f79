import { detailOf, type ProblemCode } from './problems/catalogue.js';

export interface DomainErrorOptions {
  /** Facts a client may act on, added to the problem document (never internals or other people's data). */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** For 429 and 503: when to try again. */
  readonly retryAfterSeconds?: number;
  /** Whether an earlier request with the same idempotency key got this refusal. */
  readonly isReplay?: boolean;
  readonly cause?: unknown;
}

/** An expected refusal. Its status and its text follow from its code (problems/catalogue.ts). */
export class DomainError extends Error {
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number | undefined;
  readonly isReplay: boolean;

  constructor(
    readonly code: ProblemCode,
    { extensions = {}, retryAfterSeconds, isReplay = false, cause }: DomainErrorOptions = {},
  ) {
    super(detailOf(code, extensions), { cause });
    this.name = new.target.name;
    this.extensions = extensions;
    this.retryAfterSeconds = retryAfterSeconds;
    this.isReplay = isReplay;
  }
}
