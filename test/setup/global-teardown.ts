import type { SetUp } from './global-setup';

/** Stops the server that the setup started, and removes what the setup wrote. */
export default async function globalTeardown(): Promise<void> {
  await (globalThis as { setUp?: SetUp }).setUp?.end();
}
