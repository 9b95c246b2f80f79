import { join, resolve } from 'node:path';
import { SetUpError } from '../platform/common/index.js';
import {
  type DatabaseConfig,
  describeAddress,
  parseDatabaseUrl,
} from '../platform/config/index.js';
import { migrateUp, migrationStatus, namingDatabase } from '../platform/database/index.js';
import { EmbeddedServerError, ServedElsewhereError } from './embedded-server.error.js';
import { holdsData, startEmbeddedServer } from './embedded-server.js';

export interface OpenDatabase {
  readonly url: string;
  /** One line for people; no credentials. */
  readonly description: string;
  /** Ends what was started here: nothing for a server of the operator's, ours if embedded. */
  close(): Promise<void>;
}

/** The schema is not the one this version needs. */
class SchemaError extends SetUpError {}

/**
 * Opens the configured database and checks that its schema is current: the operator's
 * (DATABASE_URL), which only `npm run migrate` migrates, or else an embedded one, which is started
 * and migrated here.
 *
 * @param say takes progress lines for people
 * @throws {SchemaError} if migrations are pending
 * @throws {DatabaseUrlError} if the operator's cannot be used
 * @throws {EmbeddedServerError} if our own server cannot run here
 */
export async function openDatabase(
  config: DatabaseConfig,
  say: (line: string) => void,
): Promise<OpenDatabase> {
  const { DATABASE_URL } = config;
  if (DATABASE_URL !== undefined) {
    return openGiven(DATABASE_URL).catch((error: unknown) => {
      throw namingDatabase(DATABASE_URL, error);
    });
  }
  const server = await startEmbeddedServer({
    dataDir: folderOf(config),
    binary: config.EMBEDDED_MYSQLD,
    say,
  });
  try {
    await migrateUp(server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: server.url, description: server.description, close: () => server.stop() };
}

/**
 * The same for a command beside the service. It connects to the embedded database of a running
 * service, and never creates one: a missing database means that the command was pointed at the wrong
 * place.
 *
 * @throws {EmbeddedServerError} as well if there is none
 */
export async function joinDatabase(
  config: DatabaseConfig,
  say: (line: string) => void,
): Promise<OpenDatabase> {
  const folder = folderOf(config);
  if (config.DATABASE_URL === undefined && !holdsData(folder)) {
    throw new EmbeddedServerError(
      `There is no database in ${folder} (DATA_DIR): npm start makes one there. Set DATA_DIR to the ` +
        'folder of the service, or DATABASE_URL to its database.',
    );
  }
  try {
    return await openDatabase(config, say);
  } catch (error) {
    if (error instanceof ServedElsewhereError) return openGiven(error.url);
    throw error;
  }
}

const folderOf = ({ DATA_DIR }: Pick<DatabaseConfig, 'DATA_DIR'>): string =>
  join(resolve(DATA_DIR), 'mysql');

async function openGiven(url: string): Promise<OpenDatabase> {
  const { pending, server } = await migrationStatus(url);
  if (pending.length > 0) {
    throw new SchemaError(
      `${pending.length} migrations have not run on this database: npm run migrate`,
    );
  }
  const description = `${describeAddress(parseDatabaseUrl(url))} (${server})`;
  return { url, description, close: () => Promise.resolve() };
}
