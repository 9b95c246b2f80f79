import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version in package.json, which is above both the sources and the compiled files. */
export function versionOf(folder = __dirname): string {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return versionOf(dirname(folder));
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
