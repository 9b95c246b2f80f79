import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process as the operating system lists it. */
interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly isZombie: boolean;
}

/** False also for a process that has ended but was not collected yet. */
export function isRunning(pid: number): boolean {
  return listProcesses().some((each) => each.pid === pid && !each.isZombie);
}

/** The `sh` that guards a server, and its helper that waits for the application to end. */
export function guardOf(serverPid: number): { guard: number; readers: number[] } {
  const processes = listProcesses();
  const guard = processes.find(({ pid }) => pid === serverPid)?.parent;
  if (guard === undefined || guard <= 1) throw new Error(`server ${serverPid} has no guard`);
  const children = processes.filter(({ parent }) => parent === guard);
  return { guard, readers: children.map(({ pid }) => pid).filter((pid) => pid !== serverPid) };
}

/** The command lines of all processes, one per line. */
export function commandLines(): string[] {
  if (process.platform !== 'linux') {
    return execFileSync('ps', ['-axwwo', 'command='], { encoding: 'utf8' }).split('\n');
  }
  return listProcesses().map(({ pid }) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  });
}

export function kill(...pids: number[]): void {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

/** From /proc where there is one: slim images come without `ps`. */
function listProcesses(): ListedProcess[] {
  if (process.platform !== 'linux') {
    const table = execFileSync('ps', ['-axo', 'pid=,ppid=,state='], { encoding: 'utf8' });
    return table
      .trim()
      .split('\n')
      .map((line) => listed(line.trim().split(/\s+/)));
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [listed([pid, parent, state])];
    } catch {
      return [];
    }
  });
}

function listed([pid, parent, state]: string[]): ListedProcess {
  return { pid: Number(pid), parent: Number(parent), isZombie: state?.startsWith('Z') ?? false };
}
