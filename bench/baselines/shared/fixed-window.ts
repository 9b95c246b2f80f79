import type { ThrottlerStorage } from '@nestjs/throttler';

/**
 * Counts hits in fixed windows. The default storage of @nestjs/throttler takes time proportional to the hits
 * in its window, which would slow the baselines down for a reason unrelated to booking.
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
