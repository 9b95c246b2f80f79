import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes group and world access from a folder and everything below it. The umask covers almost all of
 * it, but MySQL sets a few modes itself (redo folders 0710, public_key.pem 0644).
 */
export function removeAccessOfOthers(folder: string): void {
  restrict(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeAccessOfOthers(path);
    else if (!entry.isSymbolicLink()) restrict(path);
  }
}

/** Removes group and world access from one file; ignores a file that has vanished. */
export function restrict(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat && (stat.mode & 0o077) !== 0) chmodSync(path, stat.mode & 0o700);
}
