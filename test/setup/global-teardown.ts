import type { SetUp } from './global-setup';

/** Stops the server that the setup has started, and removes what it has written. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { setUp?: SetUp }).setUp?.end();
}
