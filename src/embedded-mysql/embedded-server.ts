import { existsSync } from 'node:fs';
import { escapeId } from 'mysql2';
import { findServerBinary } from './binary.js';
import { execute } from './connection.js';
import { assertSameEngine, initialiseFolder, inspectFolder } from './data-folder.js';
import { expectSpaceForDatabase, namingFullDisk } from './disk-space.js';
import { EmbeddedServerError } from './embedded-server.error.js';
import { initialiseData } from './initialise.js';
import { layoutOf, urlOf, type Layout } from './layout.js';
import { endLeftOver } from './left-over.js';
import { takeOwnership, type Ownership } from './ownership.js';
import type { ServerPlan } from './server-process.js';
import { Supervisor } from './supervisor.js';

export { EmbeddedServerError, ServedElsewhereError } from './embedded-server.error.js';

/** A private database server. It stops with this process, however the process ends. */
export interface EmbeddedServer {
  /** For mysql2 and TypeORM; unchanged when the server is restarted. */
  readonly url: string;
  /** One line for people: engine, version and data folder. */
  readonly description: string;
  /** The pid of the server process; changes when it is restarted. */
  readonly pid: number;
  /** Shuts the server down cleanly; a second call returns the same promise. */
  stop(): Promise<void>;
}

export interface EmbeddedServerOptions {
  /** The server's folder. Created if missing; an existing folder must be one that Rowlock created. */
  readonly dataDir: string;
  /** Path of a mysqld or mariadbd; a wrapper script must `exec` it. If unset, one is searched for. */
  readonly binary?: string | undefined;
  /** Created if missing. */
  readonly database?: string | undefined;
  /** Receives progress lines for people. */
  readonly say: (line: string) => void;
}

const DEFAULT_DATABASE = 'rowlock';

/** Whether a server has ever been started on the folder. */
export const holdsData = (dataDir: string): boolean => existsSync(layoutOf(dataDir).data);

/**
 * Starts the private server of a data folder and keeps it running until stop().
 *
 * @throws EmbeddedServerError if it cannot run; nothing is left running then.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const layout = layoutOf(options.dataDir);
  return start(layout, options).catch((error: unknown) => {
    throw namingFullDisk(layout.root, error);
  });
}

async function start(layout: Layout, options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const { say, database = DEFAULT_DATABASE } = options;
  const marker = inspectFolder(layout);
  const preference = { explicit: options.binary, engine: marker?.engine, say };
  const binary = await findServerBinary(preference);
  if (marker) assertSameEngine(layout, marker, binary);
  else expectSpaceForDatabase(layout.root);
  initialiseFolder(layout, binary);
  const url = urlOf(layout, database);
  const ownership = await takeOwnership(layout, url);
  try {
    const plan = { binary, layout, say };
    const supervisor = await startAsOwner(plan, database);
    const { engine, version } = binary;
    const description = `${engine} ${version} (embedded), data in ${layout.root}`;
    return handle({ url, description }, supervisor, ownership);
  } catch (error) {
    ownership.release();
    throw error;
  }
}

async function startAsOwner(plan: ServerPlan, database: string): Promise<Supervisor> {
  const { binary, layout, say } = plan;
  await endLeftOver(layout, say);
  // Check again as the owner: another process may have created the data since the first inspection.
  const marker = inspectFolder(layout);
  if (marker) assertSameEngine(layout, marker, binary);
  await initialiseData(layout, binary, say);
  const supervisor = await Supervisor.start(plan);
  try {
    await createDatabase(layout, database);
    return supervisor;
  } catch (error) {
    await supervisor.stop();
    throw new EmbeddedServerError(`Could not create the database ${database}: ${String(error)}`, {
      cause: error,
    });
  }
}

async function createDatabase(layout: Layout, database: string): Promise<void> {
  const name = escapeId(database, true);
  await execute(
    layout.socket,
    `CREATE DATABASE IF NOT EXISTS ${name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  );
}

function handle(
  facts: Pick<EmbeddedServer, 'url' | 'description'>,
  supervisor: Supervisor,
  ownership: Ownership,
): EmbeddedServer {
  let stopped: Promise<void> | undefined;
  return {
    ...facts,
    get pid() {
      return supervisor.pid;
    },
    stop: () => (stopped ??= supervisor.stop().finally(() => ownership.release())),
  };
}
