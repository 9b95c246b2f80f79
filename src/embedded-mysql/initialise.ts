import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ServerBinary } from './binary.js';
import { commandPath } from './command-path.js';
import { writeMarker } from './data-folder.js';
import { EmbeddedServerError } from './embedded-server.error.js';
import { errorLogEnd, errorLogTail } from './error-log.js';
import { guardTask } from './guard.js';
import type { Layout } from './layout.js';
import { removeAccessOfOthers } from './permissions.js';
import { identity, mysqlInitArguments } from './server-options.js';
import { waitUntil } from './timing.js';

const UNFINISHED = 'data.init-';
const INIT_TIMEOUT_MS = 180_000;

/**
 * Creates the system tables of a new server in a temporary folder, which is renamed when complete. A
 * process killed half-way therefore leaves nothing that looks usable. Call it only as the owner of the
 * data folder.
 */
export async function initialiseData(
  layout: Layout,
  binary: ServerBinary,
  say: (line: string) => void,
): Promise<void> {
  removeUnfinished(layout);
  if (existsSync(layout.data)) return;
  say(
    `creating a new ${binary.engine} ${binary.version} database in ${layout.root} (first start only)`,
  );
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
    // Retry: the initialiser of a process that was just killed may still be writing its last file.
    rmSync(join(layout.root, name), { recursive: true, force: true, maxRetries: 10 });
  }
}

async function runInitialiser(layout: Layout, command: readonly string[]): Promise<void> {
  const logStart = errorLogEnd(layout.errorLog);
  const task = guardTask(command, { log: layout.errorLog, folder: layout.root });
  const isInTime = await waitUntil(() => task.hasExited, INIT_TIMEOUT_MS);
  task.letGo();
  const outcome = await task.exited;
  if (isInTime && outcome === 'exit code 0') return;
  const reason = isInTime ? outcome : `not finished after ${INIT_TIMEOUT_MS / 1000} s`;
  throw new EmbeddedServerError(
    `Could not create a database in ${layout.root}: ${command[0]}, ${reason}.\n` +
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
    ...(await installDbProgram(binary, layout)),
    // Relative, because the script splits paths at spaces. The server resolves the first one against
    // `layout.root`, and the other one against its data folder.
    `--datadir=./${basename(folder)}`,
    `--tmpdir=../${basename(layout.temporary)}`,
    // Creates a root account that logs in with no password. The alternative, unix_socket, needs no
    // password either, but only admits the system user called root.
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...identity(),
  ];
}

/**
 * The mariadb-install-db of the server's own installation, else the one on the PATH. Its own one is reached
 * through a link, because the script splits paths at spaces.
 */
async function installDbProgram(binary: ServerBinary, layout: Layout): Promise<string[]> {
  const prefix = dirname(dirname(realpathSync(binary.path)));
  const own = ['bin', 'scripts']
    .map((name) => join(name, 'mariadb-install-db'))
    .find((path) => existsSync(join(prefix, path)));
  if (own !== undefined) {
    const link = `./${basename(layout.temporary)}/installation`;
    rmSync(join(layout.root, link), { force: true });
    symlinkSync(prefix, join(layout.root, link));
    return [`${link}/${own}`, '--no-defaults', `--basedir=${link}`];
  }
  const onPath = await commandPath('mariadb-install-db');
  if (onPath !== undefined) return [onPath, '--no-defaults'];
  throw new EmbeddedServerError(
    `mariadb-install-db is missing; ${binary.path} needs it to create a database. Install the ` +
      `complete server (Debian and Ubuntu: package mariadb-server-core), or set DATABASE_URL.`,
  );
}
