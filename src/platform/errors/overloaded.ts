import { DomainError } from './domain-error.js';

/** A queue is full, or the request waited in it for too long; nothing was begun. */
export const overloaded = (retryAfterSeconds = 1): DomainError =>
  new DomainError('overloaded', { retryAfterSeconds });
