import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { childEnvironment } from './child-environment.js';
import { EmbeddedServerError } from './embedded-server.error.js';
import type { Layout } from './layout.js';
import { waitUntil } from './timing.js';

const TERM_GRACE_MS = 30_000;
const KILL_GRACE_MS = 10_000;
const DATADIR = '--datadir=';

/**
 * Stops a server left over from an earlier run: one still shutting down after its service died, or an
 * orphan whose guard was killed too. Call it only as the owner of the data folder.
 */
export async function endLeftOver(layout: Layout, say: (line: string) => void): Promise<void> {
  const pid = notedPid(layout);
  if (pid === undefined || !isServerOf(layout, pid)) return;
  say(`waiting for a database server from an earlier run to stop (pid ${pid})`);
  const hasEnded = (): boolean => !isServerOf(layout, pid);
  signal(pid, 'SIGTERM');
  if (await waitUntil(hasEnded, TERM_GRACE_MS)) return;
  // Confirmed changes are safe: InnoDB recovers them from its log.
  signal(pid, 'SIGKILL');
  if (await waitUntil(hasEnded, KILL_GRACE_MS)) return;
  throw new EmbeddedServerError(
    `A database server from an earlier run (pid ${pid}) still uses ${layout.root} and could not be ` +
      `stopped. Stop it by hand, then start again.`,
  );
}

/** The pid that the latest guard wrote down; by now it may belong to another process. */
export function notedPid(layout: Layout): number | undefined {
  try {
    const pid = Number(readFileSync(layout.pidFile, 'utf8').trim());
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Pids are reused, so we only kill a process whose command line names our data folder. The program name
 * would not do, because wrappers run the server through a loader.
 */
function isServerOf(layout: Layout, pid: number): boolean {
  const folder = argumentsOf(pid)
    .find((argument) => argument.startsWith(DATADIR))
    ?.slice(DATADIR.length);
  if (folder === undefined) return false;
  try {
    return realpathSync(folder) === realpathSync(layout.data);
  } catch {
    return false;
  }
}

/** Empty for a process that is gone, and for a zombie. */
function argumentsOf(pid: number): string[] {
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const options = {
      encoding: 'utf8',
      timeout: 5_000,
      stdio: 'pipe',
      env: childEnvironment(),
    } as const;
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], options).split(
      / (?=--)/,
    );
  } catch {
    return [];
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended before the signal arrived; the caller waits for that anyway.
  }
}
