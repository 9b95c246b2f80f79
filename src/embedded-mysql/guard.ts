import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** A program that cannot outlive this process: it ends when the guard's standard input does. */
export interface Guard {
  readonly hasExited: boolean;
  /** Settles, never rejects, with a phrase for people: "exit code 1". */
  readonly exited: Promise<string>;
  /** Tells the guard that the program is at work and needs time to end in order. */
  confirmReady(): void;
  /** Asks the program to end, exactly as our own death would. */
  letGo(): void;
}

/** The program's own files are private, and it is no service of systemd even if we are one. */
const PRELUDE = `
umask 077
UMASK=0600 UMASK_DIR=0700
export UMASK UMASK_DIR
unset NOTIFY_SOCKET LISTEN_FDS LISTEN_PID
exec 3<&0
`;

/**
 * Descriptor 3 is a pipe whose other end only we hold. The kernel closes it when we end, even by
 * kill -9, and then the reader stops the server. One line is written to it, when the server is
 * ready, which earns it 30 s for its shutdown. Before, 3 s do: a MariaDB that gets SIGTERM early in
 * its start hangs for ever, and the data of a server that confirmed nothing yet is in its log.
 * The pid file is never removed here, since by then it could be that of the next server.
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
 * For a program whose work is thrown away if it does not finish. It starts programs of its own,
 * so the whole process group ends with us, at once.
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

/** Starts a server under guard; its pid is in the pid file at once, long before it is ready. */
export function guardServer(command: readonly string[], pidFile: string, log: string): Guard {
  return startGuard([SERVER_SCRIPT, 'rowlock-guard', pidFile, ...command], log);
}

/** Starts a program that runs to its end, under guard. */
export function guardTask(command: readonly string[], log: string): Guard {
  return startGuard([TASK_SCRIPT, 'rowlock-guard', ...command], log);
}

function startGuard(args: readonly string[], log: string): Guard {
  const output = openSync(log, 'a', 0o600);
  try {
    // Detached, a session of its own: Ctrl-C in the terminal reaches us and not the server, which
    // is still needed while the last requests are answered.
    const stdio = ['pipe', output, output] as const;
    return watchGuard(spawn('/bin/sh', ['-c', ...args], { detached: true, stdio: [...stdio] }));
  } finally {
    closeSync(output);
  }
}

function watchGuard(child: ChildProcess): Guard {
  let hasExited = false;
  const exited = new Promise<string>((resolve) => {
    const end = (how: string): void => {
      hasExited = true;
      // Also lets the reader of a guard that was killed see the end of the pipe.
      child.stdin?.destroy();
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('exit', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
  });
  // The pipe breaks when the guard is killed; its exit event says all there is to say.
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
