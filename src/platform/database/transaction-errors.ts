import { DomainError } from '../errors/index.js';

/** Retries are spent; nothing was changed. */
export const lockTimeout = (cause: unknown): DomainError =>
  new DomainError('lock_timeout', { retryAfterSeconds: 1, cause });

/** The database cannot be reached or cannot write; nothing was changed. */
export const databaseUnavailable = (cause: unknown): DomainError =>
  new DomainError('database_unavailable', { retryAfterSeconds: 1, cause });

/** COMMIT was sent, the connection broke, and nobody could be asked since. */
export const outcomeUnknown = (cause: unknown): DomainError =>
  new DomainError('outcome_unknown', {
    retryAfterSeconds: 1,
    extensions: { outcome: 'unknown' },
    cause,
  });

/**
 * Thrown by work that finds, on writing, that another transaction was there first (a unique key it
 * had just seen free): what it read is no longer true, so the whole of it must run again.
 */
export class StaleReadError extends Error {
  constructor(cause: unknown) {
    super('Another transaction was there first', { cause });
    this.name = 'OvertakenError';
  }
}
