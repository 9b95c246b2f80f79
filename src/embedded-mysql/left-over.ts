import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { EmbeddedServerError } from './embedded-server.error.js';
import type { Layout } from './layout.js';
import { waitUntil } from './timing.js';

const TERM_GRACE_MS = 30_000;
const KILL_GRACE_MS = 10_000;

/**
 * Ends the server of an earlier run, if one is left: still shutting down after its application
 * died, or orphaned because the guard was killed too. Call it only as the owner of the folder.
 */
export async function endLeftOver(layout: Layout, say: (line: string) => void): Promise<void> {
  const pid = notedPid(layout);
  if (pid === undefined || !isServerOf(layout, pid)) return;
  say(`waiting for the database server of an earlier run to end (pid ${pid})`);
  const hasEnded = (): boolean => !isServerOf(layout, pid);
  signal(pid, 'SIGTERM');
  if (await waitUntil(hasEnded, TERM_GRACE_MS)) return;
  // It lost nothing that it had confirmed: InnoDB recovers from its log.
  signal(pid, 'SIGKILL');
  if (await waitUntil(hasEnded, KILL_GRACE_MS)) return;
  throw new EmbeddedServerError(
    `The database server of an earlier run (pid ${pid}) still uses ${layout.root} and cannot be ` +
      `stopped. End it by hand, then start again.`,
  );
}

/** The pid that the guard of the latest server wrote down; it may long belong to someone else. */
export function notedPid(layout: Layout): number | undefined {
  try {
    const pid = Number(readFileSync(layout.pidFile, 'utf8').trim());
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Pids are reused, so a noted pid proves nothing: only a process whose command line names our data
 * folder is ours to kill. The program's name would not do, for wrappers run it through a loader.
 */
function isServerOf(layout: Layout, pid: number): boolean {
  const folder = /--datadir=(.+?) --/.exec(commandLine(pid))?.[1];
  if (folder === undefined) return false;
  try {
    return realpathSync(folder) === realpathSync(layout.data);
  } catch {
    return false;
  }
}

/** Empty for a process that is gone, and for one that ended and was not yet collected. */
function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    }
    const options = { encoding: 'utf8', timeout: 5_000, stdio: 'pipe' } as const;
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], options);
  } catch {
    return '';
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended between the look and the signal; whoever waits for it sees that.
  }
}
