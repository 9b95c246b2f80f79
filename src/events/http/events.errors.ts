import { DomainError } from '../../platform/index.js';

export const eventNotFound = (): DomainError =>
  new DomainError('not_found', 'event_not_found', 'There is no such event.');

export const sectionNotFound = (): DomainError =>
  new DomainError('not_found', 'section_not_found', 'This event has no such section.');

export const eventCancelled = (): DomainError =>
  new DomainError('conflict', 'event_cancelled', 'This event has been called off.');

export const preconditionFailed = (): DomainError =>
  new DomainError(
    'precondition_failed',
    'precondition_failed',
    'This event was edited since it was read: read it again. If-Match names an older version.',
  );
