import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const COMPILED = ['src', 'migrations', 'ormconfig.ts', 'nest-cli.json', 'package.json'];

/**
 * Hashes everything the build reads. It uses contents, not modification times: git and Docker both change
 * the times of unchanged files.
 */
export function hashOfSources(root) {
  const configs = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));
  const hash = createHash('sha256');
  const files = [...COMPILED, ...configs].flatMap((entry) => filesUnder(root, entry));
  // The order of a directory listing depends on the file system.
  for (const file of files.toSorted((one, other) => (one < other ? -1 : 1))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesUnder(root, entry) {
  const absolute = path.join(root, entry);
  if (!existsSync(absolute)) return [];
  if (!statSync(absolute).isDirectory()) return [entry];
  // Specs are not compiled, so editing one must not trigger a build.
  return readdirSync(absolute)
    .filter((name) => !name.endsWith('.spec.ts'))
    .flatMap((name) => filesUnder(root, `${entry}/${name}`));
}
