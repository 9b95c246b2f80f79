import { DomainError } from './domain-error.js';

/** A queue is full, or the request waited in it for too long; nothing was begun. */
export const overloaded = (): DomainError =>
  new DomainError('overloaded', { retryAfterSeconds: 1 });
