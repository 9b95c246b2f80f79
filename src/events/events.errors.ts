import { DomainError } from '../platform/errors/index.js';

export const eventCancelled = (): DomainError =>
  new DomainError('conflict', 'event_cancelled', 'This event has been called off.');

export const preconditionFailed = (): DomainError =>
  new DomainError(
    'precondition_failed',
    'precondition_failed',
    'This event was edited since it was read: read it again. If-Match names an older version.',
  );
