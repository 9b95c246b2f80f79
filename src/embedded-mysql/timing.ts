import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/** Waits, but not longer than until the signal: an abort ends the pause, it is not an error. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}

/** Polls until the condition holds; false when the time is over or the signal came first. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    if (signal?.aborted) return false;
    if (await condition()) return true;
    if (Date.now() >= deadline) return false;
    await pause(POLL_MS, signal);
  }
}
