import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerBinary } from './binary.js';
import { answers } from './connection.js';
import { EmbeddedServerError } from './embedded-server.error.js';
import { errorLogEnd, errorLogTail, rotateErrorLog } from './error-log.js';
import { guardServer, type Guard } from './guard.js';
import type { Layout } from './layout.js';
import { endLeftOver, notedPid } from './left-over.js';
import { restrict } from './permissions.js';
import { serverArguments } from './server-options.js';
import { waitUntil } from './timing.js';

/** What to start, where. */
export interface ServerPlan {
  readonly binary: ServerBinary;
  readonly layout: Layout;
  readonly say: (line: string) => void;
}

/** A server that was ready once. */
export interface ServerProcess {
  readonly pid: number;
  /** Settles, never rejects, with a phrase on how it ended. */
  readonly exited: Promise<string>;
  /** Shuts it down cleanly and waits until it is gone. */
  end(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
// The guard itself turns to SIGKILL after 30 s at the latest.
const GUARD_TIMEOUT_MS = 40_000;

/** Starts the server and waits until it answers; leaves nothing behind when it does not. */
export async function launchServer(plan: ServerPlan, signal?: AbortSignal): Promise<ServerProcess> {
  const { layout } = plan;
  await endLeftOver(layout, plan.say);
  clearRemains(layout);
  const logStart = errorLogEnd(layout.errorLog);
  const command = [plan.binary.path, ...serverArguments(plan.binary, layout)];
  const guard = guardServer(command, layout.pidFile, layout.errorLog);
  const isReady = await becomesReady(layout, guard, signal);
  const pid = notedPid(layout);
  if (isReady && pid !== undefined) {
    guard.confirmReady();
    restrictServerFiles(layout);
    return { pid, exited: guard.exited, end: () => endServer(layout, guard) };
  }
  const reason = guard.hasExited ? await guard.exited : `no answer in ${READY_TIMEOUT_MS / 1000} s`;
  await endServer(layout, guard);
  throw new EmbeddedServerError(
    `The embedded ${plan.binary.engine} did not start (${reason}). The end of ` +
      `${layout.errorLog}:\n${errorLogTail(layout.errorLog, logStart)}`,
  );
}

async function becomesReady(layout: Layout, guard: Guard, signal?: AbortSignal): Promise<boolean> {
  let isReady = false;
  const settles = async (): Promise<boolean> => {
    isReady = !guard.hasExited && (await answers(layout.socket));
    return isReady || guard.hasExited;
  };
  await waitUntil(settles, READY_TIMEOUT_MS, signal);
  return isReady;
}

async function endServer(layout: Layout, guard: Guard): Promise<void> {
  guard.letGo();
  await waitUntil(() => guard.hasExited, GUARD_TIMEOUT_MS);
  // Nothing is left, unless the guard was killed and could not wait for its server.
  await endLeftOver(layout, () => undefined);
  clearRemains(layout);
  rmSync(layout.pidFile, { force: true });
}

/**
 * MySQL refuses to start when the pid in a left-over mysql.sock.lock is anyone's, and in a new
 * container it is soon someone's. No server runs on this folder now, so both files are waste.
 */
function clearRemains(layout: Layout): void {
  rmSync(layout.socket, { force: true });
  rmSync(`${layout.socket}.lock`, { force: true });
  rmSync(layout.temporary, { recursive: true, force: true });
  mkdirSync(layout.temporary, { mode: 0o700 });
  rotateErrorLog(layout.errorLog);
}

/** Both engines open their socket to everyone on purpose; MySQL also opens two folders a little. */
function restrictServerFiles(layout: Layout): void {
  restrict(layout.socket);
  for (const name of ['#innodb_redo', '#innodb_temp']) restrict(join(layout.data, name));
}
