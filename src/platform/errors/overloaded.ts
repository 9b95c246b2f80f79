import { DomainError } from './domain-error.js';

/** A queue is full, or the wait in it too long; nothing was begun. */
export const overloaded = (): DomainError =>
  new DomainError('unavailable', 'overloaded', 'The service is at its limit. Try again shortly.', {
    retryAfterSeconds: 1,
  });
