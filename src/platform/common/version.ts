import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version that runs, as package.json says: it stands above both the sources and what is built. */
export function versionOf(folder = __dirname): string {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return versionOf(dirname(folder));
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
