import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { commandPath } from './command-path.js';
import { EmbeddedServerError } from './embedded-server.error.js';

// The -core packages bring the programs and register no system service. client-core is for
// my_print_defaults, without which mariadb-install-db does not run.
const PACKAGES = ['mariadb-server-core', 'mariadb-client-core'];
const WAYS_OUT =
  'Install one (for example the package mariadb-server, or `brew install mariadb`), ' +
  'or start the one of this repository with `docker compose up`, ' +
  'or set DATABASE_URL=mysql://user:password@host:3306/database.';
const UPDATE_TIMEOUT_MS = 300_000;
const INSTALL_TIMEOUT_MS = 600_000;

const execute = promisify(execFile);

/** Installs MariaDB's programs where we may (root, apt-get); elsewhere names the ways out. */
export async function installServerPackages(say: (line: string) => void): Promise<void> {
  if (process.getuid?.() !== 0 || (await commandPath('apt-get')) === undefined) {
    throw new EmbeddedServerError(`There is no MySQL or MariaDB server here. ${WAYS_OUT}`);
  }
  say(`no database server found: installing ${PACKAGES.join(' and ')} with apt-get (once)`);
  try {
    await aptGet(['update'], UPDATE_TIMEOUT_MS);
    await aptGet(['install', '-y', '--no-install-recommends', ...PACKAGES], INSTALL_TIMEOUT_MS);
  } catch (error) {
    throw new EmbeddedServerError(
      `There is no MySQL or MariaDB server here, and apt-get could not install one:\n` +
        `${lastLines(error)}\n${WAYS_OUT}`,
      { cause: error },
    );
  }
}

async function aptGet(args: readonly string[], timeout: number): Promise<void> {
  // Another apt on the machine (a boot-time upgrade, say) holds the lock for a while: wait for it.
  const command = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120'];
  await execute('env', [...command, '-q', ...args], { timeout, maxBuffer: 64 * 1024 * 1024 });
}

function lastLines(error: unknown): string {
  const { stderr } = { stderr: '', ...(error as object) };
  return (stderr.trim() || String(error)).split('\n').slice(-8).join('\n');
}
