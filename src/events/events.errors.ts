import { DomainError } from '../platform/index.js';

export const eventNotFound = (): DomainError =>
  new DomainError('not_found', 'event_not_found', 'There is no such event.');
