export {
  IDENTIFIER_LENGTH_MAX,
  IDENTIFIER_UNITS_MAX,
  isIdentifier,
  normaliseIdentifier,
} from './identifier.js';
export { nameOf, type Person } from './person.js';
export { UsersModule } from './users.module.js';
export { UsersQueries } from './users.queries.js';
export { type ResolvedUser, UsersRepository } from './users.repository.js';
