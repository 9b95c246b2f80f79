import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SharedServer } from './global-setup.js';

/** Stops the server; its folder stays if a red test left its database in it. */
export default async function globalTeardown(): Promise<void> {
  const { sharedServer } = globalThis as { sharedServer?: SharedServer };
  if (sharedServer === undefined) return;
  await sharedServer.server.stop();
  if (existsSync(join(sharedServer.folder, 'kept'))) {
    process.stderr.write(`The databases of red tests are kept in ${sharedServer.folder}\n`);
    return;
  }
  await rm(sharedServer.folder, { recursive: true, force: true });
}
