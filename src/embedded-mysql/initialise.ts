import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServerBinary } from './binary.js';
import { commandPath } from './command-path.js';
import { writeMarker } from './data-folder.js';
import { EmbeddedServerError } from './embedded-server.error.js';
import { errorLogEnd, errorLogTail } from './error-log.js';
import { guardTask } from './guard.js';
import type { Layout } from './layout.js';
import { removeAccessOfOthers } from './permissions.js';
import { identity, mysqlInitArguments, ownTemporaryFolder } from './server-options.js';
import { waitUntil } from './timing.js';

const UNFINISHED = 'data.init-';
const INIT_TIMEOUT_MS = 180_000;

/**
 * Makes the system tables of a new server. They are made in a folder beside the final one and
 * renamed when complete, so that being killed in the middle leaves nothing that looks usable.
 * Call it only as the owner of the folder.
 */
export async function initialiseData(
  layout: Layout,
  binary: ServerBinary,
  say: (line: string) => void,
): Promise<void> {
  removeUnfinished(layout);
  if (existsSync(layout.data)) return;
  say(`preparing a new ${binary.engine} ${binary.version} database in ${layout.root} (once)`);
  const folder = join(layout.root, `${UNFINISHED}${randomBytes(3).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  mkdirSync(layout.temporary, { recursive: true, mode: 0o700 });
  await runInitialiser(layout, await initialiser(binary, layout, folder));
  removeAccessOfOthers(folder);
  writeMarker(layout, binary);
  renameSync(folder, layout.data);
}

function removeUnfinished(layout: Layout): void {
  const names = readdirSync(layout.root).filter((name) => name.startsWith(UNFINISHED));
  for (const name of names) {
    // Retries: the initialiser of a process killed a moment ago may be writing its last file.
    rmSync(join(layout.root, name), { recursive: true, force: true, maxRetries: 10 });
  }
}

async function runInitialiser(layout: Layout, command: readonly string[]): Promise<void> {
  const logStart = errorLogEnd(layout.errorLog);
  const task = guardTask(command, layout.errorLog);
  const isInTime = await waitUntil(() => task.hasExited, INIT_TIMEOUT_MS);
  task.letGo();
  const outcome = await task.exited;
  if (isInTime && outcome === 'exit code 0') return;
  const reason = isInTime ? outcome : `not done after ${INIT_TIMEOUT_MS / 1000} s`;
  throw new EmbeddedServerError(
    `A new database could not be prepared in ${layout.root}: ${command[0]}, ${reason}.\n` +
      errorLogTail(layout.errorLog, logStart),
  );
}

async function initialiser(
  binary: ServerBinary,
  layout: Layout,
  folder: string,
): Promise<string[]> {
  if (binary.engine === 'MySQL') return [binary.path, ...mysqlInitArguments(layout, folder)];
  return [
    ...(await installDbProgram(binary)),
    `--datadir=${folder}`,
    ...ownTemporaryFolder(layout),
    // Ours is the only account: the alternative, unix_socket, is a login without a password too,
    // but only for a system user of the name root.
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...identity(),
  ];
}

/** mariadb-install-db of the same installation as the server, else the one on the PATH. */
async function installDbProgram(binary: ServerBinary): Promise<string[]> {
  const prefix = dirname(dirname(realpathSync(binary.path)));
  const beside = ['bin', 'scripts'].map((name) => join(prefix, name, 'mariadb-install-db'));
  const own = beside.find((path) => existsSync(path));
  if (own !== undefined) return [own, '--no-defaults', `--basedir=${prefix}`];
  const onPath = await commandPath('mariadb-install-db');
  if (onPath !== undefined) return [onPath, '--no-defaults'];
  throw new EmbeddedServerError(
    `mariadb-install-db, which belongs to ${binary.path}, is missing. Install the whole server ` +
      `(on Debian and Ubuntu the package mariadb-server-core has it), or set DATABASE_URL.`,
  );
}
