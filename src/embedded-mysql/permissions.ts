import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes the group's and the others' access away from a folder and all below it. The umask covers
 * almost everything, but MySQL sets a few modes of its own (redo folders 0710, public_key.pem 0644).
 */
export function removeAccessOfOthers(folder: string): void {
  restrict(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeAccessOfOthers(path);
    else if (!entry.isSymbolicLink()) restrict(path);
  }
}

/** Takes the group's and the others' access away from one file; a vanished one needs none. */
export function restrict(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat && (stat.mode & 0o077) !== 0) chmodSync(path, stat.mode & 0o700);
}
