import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryPolicy {
  readonly attemptsMax: number;
  readonly backoffMsBase: number;
  readonly backoffMsCap: number;
  /** No new attempt starts later than this after the first. */
  readonly deadlineMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attemptsMax: 8,
  backoffMsBase: 5,
  backoffMsCap: 250,
  deadlineMs: 5_000,
};

/** How often and how long one piece of work may still be tried again. */
export class RetryBudget {
  private attempts = 1;
  private readonly deadline: number;

  constructor(private readonly policy: RetryPolicy) {
    this.deadline = Date.now() + policy.deadlineMs;
  }

  /**
   * Waits before the next attempt, with full jitter: contenders that collided once would collide
   * again after equal waits (AWS Architecture Blog, "Exponential Backoff and Jitter").
   *
   * @returns false if the budget is spent: do not try again.
   */
  async spendOne(): Promise<boolean> {
    if (this.attempts >= this.policy.attemptsMax) return false;
    const ceiling = Math.min(
      this.policy.backoffMsCap,
      this.policy.backoffMsBase * 2 ** this.attempts,
    );
    const wait = Math.random() * ceiling;
    if (Date.now() + wait > this.deadline) return false;
    this.attempts += 1;
    await sleep(wait);
    return true;
  }
}
