import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from './child-environment.js';
import { commandPath } from './command-path.js';
import { EmbeddedServerError } from './embedded-server.error.js';

// The -core packages contain the programs and register no system service. mariadb-install-db needs
// my_print_defaults from client-core.
const PACKAGES = ['mariadb-server-core', 'mariadb-client-core'];
const WAYS_OUT =
  'Install one (for example the package mariadb-server, or `brew install mariadb`), ' +
  'set DATABASE_URL=mysql://user:password@host:3306/database, ' +
  'or run everything in containers with `docker compose up`.';
const UPDATE_TIMEOUT_MS = 300_000;
const INSTALL_TIMEOUT_MS = 600_000;

/** Through which apt-get reaches the archive of the distribution. */
const PROXIES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy', 'all_proxy'];

const execute = promisify(execFile);

/** Installs MariaDB's programs if possible (root, apt-get); otherwise the error lists alternatives. */
export async function installServerPackages(say: (line: string) => void): Promise<void> {
  if (process.getuid?.() !== 0 || (await commandPath('apt-get')) === undefined) {
    throw new EmbeddedServerError(
      `No MySQL or MariaDB server was found on this machine. ${WAYS_OUT}`,
    );
  }
  say(
    `no database server found: installing ${PACKAGES.join(' and ')} with apt-get (first start only)`,
  );
  try {
    await aptGet(['update'], UPDATE_TIMEOUT_MS);
    await aptGet(['install', '-y', '--no-install-recommends', ...PACKAGES], INSTALL_TIMEOUT_MS);
  } catch (error) {
    throw new EmbeddedServerError(
      `No MySQL or MariaDB server was found on this machine, and apt-get could not install one:\n` +
        `${lastLines(error)}\n${WAYS_OUT}`,
      { cause: error },
    );
  }
}

async function aptGet(args: readonly string[], timeout: number): Promise<void> {
  // Wait for another apt on the machine, such as a boot-time upgrade, to release the lock.
  const options = ['-o', 'DPkg::Lock::Timeout=120', '-q'];
  const env = { ...childEnvironment(PROXIES), DEBIAN_FRONTEND: 'noninteractive' };
  await execute('apt-get', [...options, ...args], { timeout, env, maxBuffer: 64 * 1024 * 1024 });
}

function lastLines(error: unknown): string {
  const { stderr } = { stderr: '', ...(error as object) };
  return (stderr.trim() || String(error)).split('\n').slice(-8).join('\n');
}
