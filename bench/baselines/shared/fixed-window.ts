import type { ThrottlerStorage } from '@nestjs/throttler';

/**
 * Counts hits in fixed windows. The throttler's own storage costs time proportional to the hits in
 * its window and would make every baseline look far slower than its way of booking is.
 */
export class FixedWindow implements ThrottlerStorage {
  private readonly windows = new Map<string, { hits: number; endsAt: number }>();

  increment(key: string, ttl: number, limit: number) {
    const now = Date.now();
    let window = this.windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + ttl };
      this.windows.set(key, window);
    }
    window.hits += 1;
    const secondsLeft = Math.ceil((window.endsAt - now) / 1000);
    return Promise.resolve({
      totalHits: window.hits,
      timeToExpire: secondsLeft,
      isBlocked: window.hits > limit,
      timeToBlockExpire: secondsLeft,
    });
  }
}
