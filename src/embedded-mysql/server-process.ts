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

/** Which server to start, and where. */
export interface ServerPlan {
  readonly binary: ServerBinary;
  readonly layout: Layout;
  readonly say: (line: string) => void;
}

/** A server that has become ready. */
export interface ServerProcess {
  readonly pid: number;
  /** Never rejects; resolves with a phrase that says how it ended. */
  readonly exited: Promise<string>;
  /** Shuts it down cleanly and waits until it is gone. */
  end(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
// The guard itself sends SIGKILL after 30 s.
const GUARD_TIMEOUT_MS = 40_000;

/** Starts the server and waits until it answers; leaves nothing behind if it does not. */
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
    `The embedded ${plan.binary.engine} did not start (${reason}). Last lines of ` +
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
  // Nothing is left over unless the guard was killed and could not wait for its server.
  await endLeftOver(layout, () => undefined);
  clearRemains(layout);
  rmSync(layout.pidFile, { force: true });
}

/**
 * MySQL refuses to start if the pid in a stale mysql.sock.lock belongs to any process, which is likely in
 * a new container. No server runs on this folder now, so both files can go.
 */
function clearRemains(layout: Layout): void {
  rmSync(layout.socket, { force: true });
  rmSync(`${layout.socket}.lock`, { force: true });
  rmSync(layout.temporary, { recursive: true, force: true });
  mkdirSync(layout.temporary, { mode: 0o700 });
  rotateErrorLog(layout.errorLog);
}

/** Both engines make their socket accessible to everyone; MySQL also opens two folders to the group. */
function restrictServerFiles(layout: Layout): void {
  restrict(layout.socket);
  for (const name of ['#innodb_redo', '#innodb_temp']) restrict(join(layout.data, name));
}
