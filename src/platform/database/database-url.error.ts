import { SetUpError } from '../common/index.js';
import { databaseErrorFacts } from './database-errors.js';
import { describeDatabase } from '../config/index.js';

/** The database that the operator has named cannot be used; the message says which, without credentials. */
class DatabaseUrlError extends SetUpError {}

/**
 * Adds the location of the database to its errors, without credentials; returns other errors
 * unchanged.
 */
export function namingDatabase(url: string, error: unknown): unknown {
  const facts = databaseErrorFacts(error);
  if (facts === undefined) return error;
  const where = describeDatabase(url);
  // The driver's own message is empty if a name has several addresses and none answers.
  const what = facts.message || facts.code;
  return new DatabaseUrlError(`The database of DATABASE_URL (${where}) cannot be used: ${what}`, {
    cause: error,
  });
}
