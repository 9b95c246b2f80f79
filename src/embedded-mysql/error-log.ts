import { readFileSync, renameSync, statSync } from 'node:fs';

const BYTES_MAX = 1024 * 1024;
const TAIL_LINES = 12;

/** Where the log ends now, so that a failure later quotes its own lines and not an older one's. */
export function errorLogEnd(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Keeps two files of bounded size; only while no server writes to them. */
export function rotateErrorLog(path: string): void {
  if (errorLogEnd(path) > BYTES_MAX) renameSync(path, `${path}.1`);
}

/** The last lines written after `from`, for the message of an error. */
export function errorLogTail(path: string, from: number): string {
  try {
    const lines = readFileSync(path).subarray(from).toString('utf8').trim().split('\n');
    return lines.slice(-TAIL_LINES).join('\n');
  } catch {
    return '';
  }
}
