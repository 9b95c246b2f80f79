import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryPolicy {
  readonly attemptsMax: number;
  readonly backoffMsBase: number;
  readonly backoffMsCap: number;
  /** The latest start of another attempt, after the first. */
  readonly deadlineMs: number;
}

export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  attemptsMax: 8,
  backoffMsBase: 5,
  backoffMsCap: 250,
  deadlineMs: 5_000,
};

/** The remaining retries and time of one piece of work. */
export class RetryBudget {
  private attempts = 1;
  private readonly deadline: number;

  constructor(private readonly policy: RetryPolicy) {
    this.deadline = Date.now() + policy.deadlineMs;
  }

  /**
   * Waits before the next attempt, with full jitter: after equal waits, transactions that collided once would
   * collide again (AWS Architecture Blog, "Exponential Backoff and Jitter").
   *
   * @returns false if no retry is left
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
