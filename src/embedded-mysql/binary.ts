import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { childEnvironment } from './child-environment.js';
import { commandPath } from './command-path.js';
import { EmbeddedServerError } from './embedded-server.error.js';
import { installServerPackages } from './packages.js';

export type Engine = 'MariaDB' | 'MySQL';

export interface ServerBinary {
  readonly path: string;
  readonly engine: Engine;
  readonly version: string;
}

export interface BinaryPreference {
  /** Use exactly this program. */
  readonly explicit?: string | undefined;
  /** The engine that created the data; the other engine cannot read it. */
  readonly engine?: Engine | undefined;
  readonly say: (line: string) => void;
}

// The oldest versions that docs/operations.md supports; older ones are skipped.
const OLDEST: Record<Engine, readonly [major: number, minor: number]> = {
  MariaDB: [10, 6],
  MySQL: [8, 0],
};
const NAMES = ['mariadbd', 'mysqld'];
// Distributions install daemons in folders that are not on an ordinary user's PATH.
const FOLDERS = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/libexec',
  '/usr/local/mysql/bin',
  '/opt/homebrew/bin',
];
const KEG_FOLDERS = ['/opt/homebrew/opt', '/usr/local/opt'];

const execute = promisify(execFile);

/** The server program to run: the configured one, else one on this machine, else a new installation. */
export async function findServerBinary(preference: BinaryPreference): Promise<ServerBinary> {
  if (preference.explicit !== undefined) return explicitBinary(preference.explicit);
  const found = await searchMachine(preference.engine);
  if (found) return found;
  await installServerPackages(preference.say);
  const installed = await searchMachine(preference.engine);
  if (installed) return installed;
  throw new EmbeddedServerError(
    'The database packages were installed, but no mariadbd was found. ' +
      'Set EMBEDDED_MYSQLD to the path of a mysqld or mariadbd, or DATABASE_URL to a database.',
  );
}

/** Asks a program what it is. Names prove nothing: Debian's mysqld is a link to mariadbd. */
export async function identify(path: string): Promise<ServerBinary | undefined> {
  const options = { timeout: 20_000, env: childEnvironment() };
  const question = execute(path, ['--no-defaults', '--version'], options);
  const answer = await question.then((output) => output.stdout).catch(() => '');
  const version = /\bVer (\d+\.\d+\.\d+)/.exec(answer)?.[1];
  if (version === undefined) return undefined;
  return { path, engine: answer.includes('MariaDB') ? 'MariaDB' : 'MySQL', version };
}

async function explicitBinary(path: string): Promise<ServerBinary> {
  // Absolute, because the program also runs in other folders.
  const binary = await identify((await commandPath(path)) ?? resolve(path));
  if (!binary) {
    throw new EmbeddedServerError(
      `EMBEDDED_MYSQLD=${path} is not a MySQL or MariaDB server (checked with --version). ` +
        `Correct the path, or unset it to use a server found on this machine.`,
    );
  }
  if (isTooOld(binary)) {
    const [major, minor] = OLDEST[binary.engine];
    throw new EmbeddedServerError(
      `EMBEDDED_MYSQLD is ${binary.engine} ${binary.version}; ${major}.${minor} or newer is required.`,
    );
  }
  return binary;
}

/** A server of the requested engine if there is one, else any; the caller reports a mismatch. */
async function searchMachine(engine: Engine | undefined): Promise<ServerBinary | undefined> {
  let other: ServerBinary | undefined;
  for (const path of await candidates()) {
    const binary = await identify(path);
    if (!binary || isTooOld(binary)) continue;
    if (engine === undefined || binary.engine === engine) return binary;
    other ??= binary;
  }
  return other;
}

async function candidates(): Promise<Set<string>> {
  const onPath = await Promise.all(NAMES.map((name) => commandPath(name)));
  const folders = [...FOLDERS, ...KEG_FOLDERS.flatMap((kegs) => kegBinaries(kegs))];
  const elsewhere = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return new Set([...onPath.filter((path) => path !== undefined), ...elsewhere]);
}

/** Homebrew does not link versioned formulas such as mysql@8.4; each has its own bin folder. */
function kegBinaries(kegs: string): string[] {
  try {
    const names = readdirSync(kegs).filter((name) => /^(?:mysql|mariadb|percona)/.test(name));
    return names.map((name) => join(kegs, name, 'bin'));
  } catch {
    return [];
  }
}

function isTooOld({ engine, version }: ServerBinary): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST[engine];
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
