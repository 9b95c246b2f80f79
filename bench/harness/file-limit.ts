import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Enough for 30,000 connections in one process, with room for more. */
const WANTED = 100_000;
/** Files that a process needs beside the connections of the load. */
const OTHER_FILES = 1_000;

/**
 * Raises the limit on open files of this process; the processes that it starts inherit it. Above the hard limit,
 * only a privileged user may.
 *
 * @returns how many connections a process may have
 */
export function raiseConnectionLimit(): number {
  if (fileLimit() < WANTED) {
    spawnSync('prlimit', ['--pid', String(process.pid), `--nofile=${WANTED}:${WANTED}`]);
  }
  return fileLimit() - OTHER_FILES;
}

/** The soft limit, which Node itself raises to the hard limit when it starts. */
function fileLimit(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const [, soft] = /^Max open files +(\d+|unlimited)/m.exec(limits)!;
  return soft === 'unlimited' ? Infinity : Number(soft);
}
