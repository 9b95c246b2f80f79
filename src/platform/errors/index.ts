export { DomainError, type DomainErrorKind } from './domain-error.js';
export { overloaded } from './overloaded.js';
