import { join, resolve } from 'node:path';
import { SetUpError } from '../platform/common/index.js';
import { type DatabaseConfig, describeDatabase } from '../platform/config/index.js';
import {
  hostChoiceOf,
  migrateUp,
  migrationStatus,
  namingDatabase,
} from '../platform/database/index.js';
import { namingFullDisk } from './disk-space.js';
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
    return openGiven(DATABASE_URL).catch(async (error: unknown) => {
      throw await namingDatabase(DATABASE_URL, error);
    });
  }
  const server = await startServer(config, say);
  try {
    await migrateUp(server.url);
    return server;
  } catch (error) {
    await server.close();
    throw namingFullDisk(folderOf(config), error);
  }
}

async function startServer(
  config: DatabaseConfig,
  say: (line: string) => void,
): Promise<OpenDatabase> {
  const dataDir = folderOf(config);
  const server = await startEmbeddedServer({ dataDir, binary: config.EMBEDDED_MYSQLD, say });
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
  expectData(config);
  try {
    return await openDatabase(config, say);
  } catch (error) {
    if (error instanceof ServedElsewhereError) return openGiven(error.url);
    throw error;
  }
}

/**
 * The same for `npm run migrate`: whatever the schema of the database, it is neither checked nor migrated.
 *
 * @throws {EmbeddedServerError}
 */
export async function joinUnmigrated(
  config: DatabaseConfig,
  say: (line: string) => void,
): Promise<OpenDatabase> {
  const { DATABASE_URL } = config;
  if (DATABASE_URL !== undefined) return given(DATABASE_URL);
  expectData(config);
  try {
    return await startServer(config, say);
  } catch (error) {
    if (error instanceof ServedElsewhereError) return given(error.url);
    throw error;
  }
}

/** @throws {EmbeddedServerError} if the database is an embedded one that does not exist */
function expectData(config: DatabaseConfig): void {
  const folder = folderOf(config);
  if (config.DATABASE_URL !== undefined || holdsData(folder)) return;
  throw new EmbeddedServerError(
    `There is no database in ${folder} (DATA_DIR): npm start makes one there. Set DATA_DIR to the ` +
      'folder of the service, or DATABASE_URL to its database.',
  );
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
  return given(url, ` (${server})`);
}

function given(url: string, server = ''): OpenDatabase {
  const used = hostChoiceOf(url)?.currentName;
  const using = used === undefined ? '' : `, using ${used}`;
  return {
    url,
    description: describeDatabase(url) + server + using,
    close: () => Promise.resolve(),
  };
}
