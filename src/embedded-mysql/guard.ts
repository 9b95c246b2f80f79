import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { childEnvironment } from './child-environment.js';

/** Runs a program that cannot outlive this process: it stops when the guard's standard input closes. */
export interface Guard {
  readonly hasExited: boolean;
  /** Never rejects; resolves with a phrase for people, such as "exit code 1". */
  readonly exited: Promise<string>;
  /** Tells the guard that the program is running, so that it gets time for a clean shutdown. */
  confirmReady(): void;
  /** Stops the program, exactly as the death of this process would. */
  letGo(): void;
}

/** Makes the program's files private. */
const PRELUDE = `
umask 077
UMASK=0600 UMASK_DIR=0700
export UMASK UMASK_DIR
exec 3<&0
`;

/**
 * Descriptor 3 is a pipe whose other end only this process holds. The kernel closes it when this process
 * ends, even by kill -9, and the reader then stops the server. When the server is ready we write one line
 * to the pipe; from then on a shutdown may take 30 s. Before that it gets 3 s: a MariaDB that receives
 * SIGTERM early in its start hangs forever, and killing it is safe because InnoDB recovers from its log.
 * The guard never removes the pid file, which by then may belong to the next server.
 */
const SERVER_SCRIPT = `${PRELUDE}
pidfile=$1
shift
"$@" </dev/null 3<&- &
server=$!
echo "$server" >"$pidfile.new" && mv "$pidfile.new" "$pidfile"
(
  seconds=3
  while read -r line; do seconds=30; done <&3
  kill -TERM "$server"
  while [ "$seconds" -gt 0 ] && kill -0 "$server"; do
    sleep 1
    seconds=$((seconds - 1))
  done
  kill -KILL "$server"
) 2>/dev/null &
reader=$!
exec 3<&-
wait "$server"
code=$?
kill "$reader" 2>/dev/null
exit "$code"
`;

/**
 * For a program whose work is discarded if it does not finish. It starts other programs, so the whole
 * process group is killed as soon as this process ends.
 */
const TASK_SCRIPT = `${PRELUDE}
(
  while read -r line; do :; done <&3
  kill -KILL 0
) &
reader=$!
"$@" </dev/null 3<&-
code=$?
kill "$reader" 2>/dev/null
exit "$code"
`;

/** Starts a server under guard. Its pid is in the pid file immediately, long before it is ready. */
export function guardServer(command: readonly string[], pidFile: string, log: string): Guard {
  return startGuard([SERVER_SCRIPT, 'rowlock-guard', pidFile, ...command], log);
}

/** Starts a program that runs to its end, under guard, in this working folder. */
export function guardTask(
  command: readonly string[],
  { log, folder }: { readonly log: string; readonly folder: string },
): Guard {
  return startGuard([TASK_SCRIPT, 'rowlock-guard', ...command], log, folder);
}

function startGuard(args: readonly string[], log: string, cwd?: string): Guard {
  const output = openSync(log, 'a', 0o600);
  try {
    // Detached, in its own session: Ctrl-C in the terminal must not reach the server, which is still
    // needed to answer the last requests.
    const stdio = ['pipe', output, output] as const;
    const env = childEnvironment();
    const options = { detached: true, stdio: [...stdio], env, ...(cwd !== undefined && { cwd }) };
    return watchGuard(spawn('/bin/sh', ['-c', ...args], options));
  } finally {
    closeSync(output);
  }
}

function watchGuard(child: ChildProcess): Guard {
  let hasExited = false;
  const exited = new Promise<string>((resolve) => {
    const end = (how: string): void => {
      hasExited = true;
      // Also closes the pipe for the reader of a guard that was killed.
      child.stdin?.destroy();
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  // The pipe breaks when the guard is killed; the exit event reports that.
  child.stdin?.on('error', () => undefined);
  return {
    get hasExited() {
      return hasExited;
    },
    exited,
    confirmReady: () => child.stdin?.write('ready\n'),
    letGo: () => child.stdin?.destroy(),
  };
}
