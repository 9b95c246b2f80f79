import { ServiceUnavailableException } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

const ATTEMPTS_MS_MAX = 10_000;
const BACKOFF_MS_MAX = 20;

/** Somebody else was faster: nothing was changed, and trying again is right. */
export class LostRace extends Error {}

const DEADLOCK = 1213;
const LOCK_WAIT_TIMEOUT = 1205;
const DUPLICATE_KEY = 1062;
const RETRYABLE = new Set([DEADLOCK, LOCK_WAIT_TIMEOUT, DUPLICATE_KEY]);

function mayRetry(error: unknown): boolean {
  if (error instanceof LostRace) return true;
  const errno = (error as { errno?: unknown } | undefined)?.errno;
  return typeof errno === 'number' && RETRYABLE.has(errno);
}

/** Runs a transaction again until it wins, for ten seconds at the most. */
export async function retrying<T>(transaction: () => Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + ATTEMPTS_MS_MAX;
  for (;;) {
    try {
      return await transaction();
    } catch (error) {
      if (!mayRetry(error)) throw error;
      if (Date.now() > giveUpAt) throw new ServiceUnavailableException('too many are booking');
      await sleep(Math.random() * BACKOFF_MS_MAX);
    }
  }
}
