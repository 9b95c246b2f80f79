import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binaryUnderTest } from '../../embedded/support/harness.js';

/**
 * A script in the folder that starts the server under test with these options after its own: the last one of a
 * name counts. It cannot create a database, because the launcher looks for the installer beside it.
 */
export async function serverWith(options: readonly string[], folder: string): Promise<string> {
  const binary = join(folder, 'mysqld');
  const command = `exec '${await binaryUnderTest()}' "$@" ${options.join(' ')}`;
  writeFileSync(binary, `#!/bin/sh\n${command}\n`);
  chmodSync(binary, 0o700);
  return binary;
}
