import { SetUpError } from '../common/index.js';
import { databaseErrorFacts, describeDatabaseError } from './database-errors.js';
import { describeDatabase, describeHost, parseDatabaseHosts } from '../config/index.js';
import { faultOf } from './host-check.js';

/** The database that the operator has named cannot be used; the message says which, without credentials. */
class DatabaseUrlError extends SetUpError {}

/**
 * Adds the location of the database to its errors, without credentials; returns other errors
 * unchanged. Of several hosts, each has a reason of its own.
 */
export async function namingDatabase(url: string, error: unknown): Promise<unknown> {
  if (databaseErrorFacts(error) === undefined) return error;
  const where = describeDatabase(url);
  const what = (await faultsOfHosts(url)) || describeDatabaseError(error);
  return new DatabaseUrlError(`The database of DATABASE_URL (${where}) cannot be used: ${what}`, {
    cause: error,
  });
}

/** Empty if there is one host, or if all can be used by now. */
async function faultsOfHosts(url: string): Promise<string> {
  const hosts = parseDatabaseHosts(url);
  if (hosts.length === 1) return '';
  const faults = await Promise.all(
    hosts.map(async (host) => {
      const fault = await faultOf(host);
      return fault === undefined ? [] : `${describeHost(host)}: ${fault}`;
    }),
  );
  return faults.flat().join('; ');
}
