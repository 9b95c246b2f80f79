import { readFileSync } from 'node:fs';
import type { Config } from '../platform/config/index.js';
import type { Say } from './banner.js';

/**
 * New connections that may wait until they are accepted. Beyond that, the system ignores a client, which
 * tries again after one second, then after three, seven and so on.
 */
export const BACKLOG = 16_384;

/** What the process opens besides the connections of its clients and of the database. */
const OTHER_FILES = 64;

/** Contents of a file, or undefined where there is none: these exist on Linux only. */
export type ReadLimit = (path: string) => string | undefined;

/**
 * Says so if the system would not let as many clients connect at the same moment. It is no warning, because
 * most systems would not, and few services need it.
 */
export function noteLowLimits(config: Config, say: Say, read: ReadLimit = readIfThere): void {
  // Nobody comes in thousands to a developer's machine.
  if (config.NODE_ENV !== 'production') return;
  const low = [...lowBacklogs(read), ...lowFileLimit(config, read)];
  if (low.length === 0) return;
  say(
    `Limits     too low for ${BACKLOG} clients at once: ${low.join(', ')} ` +
      '(docs/operations.md#connections)',
  );
}

function lowBacklogs(read: ReadLimit): string[] {
  const backlogs = { 'net.core.somaxconn': '/proc/sys/net/core/somaxconn' };
  // With SYN cookies, which are the default, Linux does not need this queue.
  const needsSynQueue = read('/proc/sys/net/ipv4/tcp_syncookies')?.trim() === '0';
  const synQueue = { 'net.ipv4.tcp_max_syn_backlog': '/proc/sys/net/ipv4/tcp_max_syn_backlog' };
  return Object.entries({ ...backlogs, ...(needsSynQueue ? synQueue : {}) }).flatMap(
    ([name, path]) => tooLow(name, read(path), BACKLOG),
  );
}

function lowFileLimit(config: Config, read: ReadLimit): string[] {
  // Node raises the soft limit to the hard limit when it starts.
  const [, limit] = /^Max open files +(\S+)/m.exec(read('/proc/self/limits') ?? '') ?? [];
  const needed = BACKLOG + config.DATABASE_POOL_SIZE + OTHER_FILES;
  return limit === 'unlimited' ? [] : tooLow('open files', limit, needed);
}

const tooLow = (name: string, value: string | undefined, needed: number): string[] =>
  value === undefined || Number(value) >= needed
    ? []
    : [`${name} is ${value.trim()}, not ${needed}`];

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
