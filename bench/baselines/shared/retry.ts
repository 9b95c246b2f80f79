import { ServiceUnavailableException } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS_MAX = 10_000;
const BACKOFF_MS_MAX = 20;

/** Another transaction changed the row first. Nothing was written, so a retry is safe. */
export class VersionConflict extends Error {}

const DEADLOCK = 1213;
const LOCK_WAIT_TIMEOUT = 1205;
const DUPLICATE_KEY = 1062;
const RETRYABLE = new Set([DEADLOCK, LOCK_WAIT_TIMEOUT, DUPLICATE_KEY]);

function mayRetry(error: unknown): boolean {
  if (error instanceof VersionConflict) return true;
  const errno = (error as { errno?: unknown } | undefined)?.errno;
  return typeof errno === 'number' && RETRYABLE.has(errno);
}

/** Retries a transaction on conflicts for at most ten seconds. */
export async function withRetries<T>(transaction: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + RETRY_MS_MAX;
  for (;;) {
    try {
      return await transaction();
    } catch (error) {
      if (!mayRetry(error)) throw error;
      if (Date.now() > giveUpAt) throw new ServiceUnavailableException('too many conflicts');
      await sleep(Math.random() * BACKOFF_MS_MAX);
    }
  }
}
