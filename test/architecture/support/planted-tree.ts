import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../../..');

/**
 * A small temporary repository with the real configuration and packages and the given files, so
 * that rules for `src/…` see the paths they were written for.
 */
export function plantTree(configs: string[], files: Record<string, string>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'rowlock-planted-'));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'), 'dir');
  for (const config of configs) copyFileSync(path.join(ROOT, config), path.join(root, config));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  return root;
}

export function uprootTree(root: string): void {
  rmSync(root, { recursive: true, force: true });
}
