export { DomainError } from './domain-error.js';
export { overloaded } from './overloaded.js';
export { type ProblemCode, PROBLEMS } from './problems/catalogue.js';
export type { ProblemFacts } from './problems/problem-facts.js';
