import { DomainError } from '../errors/index.js';

/** All retries failed; nothing was changed. */
export const lockTimeout = (cause: unknown): DomainError =>
  new DomainError('lock_timeout', { retryAfterSeconds: 1, cause });

/** The database cannot be reached or cannot write; nothing was changed. */
export const databaseUnavailable = (cause: unknown): DomainError =>
  new DomainError('database_unavailable', { retryAfterSeconds: 1, cause });

/** The server ended a read at its time limit. */
export const readTimeout = (cause: unknown): DomainError =>
  new DomainError('read_timeout', { retryAfterSeconds: 5, cause });

/** The connection broke after COMMIT was sent, and the outcome could not be looked up. */
export const outcomeUnknown = (cause: unknown): DomainError =>
  new DomainError('outcome_unknown', {
    retryAfterSeconds: 1,
    extensions: { outcome: 'unknown' },
    cause,
  });

/**
 * Thrown by work that finds, on writing, that another transaction was faster (it took a unique key that was
 * free a moment ago): its reads are out of date, so all of it must run again.
 */
export class StaleReadError extends Error {
  constructor(cause: unknown) {
    super('Another transaction was faster', { cause });
    this.name = 'StaleReadError';
  }
}
