import type { ThrottlerStorage } from '@nestjs/throttler';
import { LRUCache } from 'lru-cache';
import type { Config } from '../config/index.js';
import { policiesOf, type RatePolicies, type RatePolicy } from './rate-policies.js';

/** How often somebody has come since his window began. */
export interface RateWindow {
  readonly key: string;
  /** How long it is when it is new, and never longer. */
  readonly lengthMs: number;
  /** On all instances, as far as this one has heard. */
  hits: number;
  endsAt: number;
  /** Of these hits, those that the other instances have not been told of. */
  untold: number;
  /** Of these hits, those that may yet be taken back; nobody is told of them. */
  pending: number;
  isQueued: boolean;
}

/** Tells the other instances what this one has counted. */
export interface Sharing {
  note(window: RateWindow): void;
}

/**
 * Of more, those who have not come for the longest are forgotten: 100,000 take 27 MB, however
 * many addresses somebody has.
 */
const WINDOWS_MAX = 100_000;

const secondsUntil = (time: number, now: number): number => Math.ceil((time - now) / 1000);

/**
 * Counts in fixed windows, in memory and at once: constant time a hit. The throttler's own storage
 * keeps a timer a hit and costs time proportional to the hits in its window (1.7 ms a request at
 * 50,000 hits).
 */
export class RateLimits implements ThrottlerStorage {
  readonly isEnabled: boolean;
  readonly policies: RatePolicies;
  private readonly windows: LRUCache<string, RateWindow>;
  private sharing: Sharing | undefined;

  constructor(config: Config, windowsMax = WINDOWS_MAX) {
    this.isEnabled = config.RATE_LIMIT_ENABLED;
    this.policies = policiesOf(config);
    this.windows = new LRUCache({ max: windowsMax });
  }

  /** From now on the other instances hear of what is counted here. */
  shareWith(sharing: Sharing): void {
    this.sharing = sharing;
  }

  /** Counts once more. */
  hit(policy: RatePolicy, who: string, now = Date.now()): RateWindow {
    const window = this.windowOf(policy.tag + who, policy.windowMs, now);
    window.hits += 1;
    // Who is over his limit is so on every instance soon, and needs no further counting.
    if (this.sharing !== undefined && window.hits <= policy.limit) this.sharing.note(window);
    return window;
  }

  /**
   * Counts once more for what may turn out not to count. `settle` must follow, whatever happens.
   *
   * @returns undefined, and counts nothing, if that were too many
   */
  reserve(policy: RatePolicy, who: string, now = Date.now()): RateWindow | undefined {
    const window = this.windowOf(policy.tag + who, policy.windowMs, now);
    if (window.hits >= policy.limit) return undefined;
    window.hits += 1;
    window.pending += 1;
    return window;
  }

  /** Says whether what was reserved counts; if not, it was never there. */
  settle(window: RateWindow, counts: boolean): void {
    window.pending -= 1;
    if (counts) this.sharing?.note(window);
    else window.hits -= 1;
  }

  /**
   * The window of somebody who has come as often as he may, or oftener, whatever may yet be taken back;
   * nothing is counted.
   */
  used(policy: RatePolicy, who: string, now = Date.now()): RateWindow | undefined {
    const window = this.windows.get(policy.tag + who);
    if (window === undefined || window.endsAt <= now) return undefined;
    return window.hits - window.pending < policy.limit ? undefined : window;
  }

  /** What the throttler's own guards would ask. */
  increment(key: string, ttl: number, limit: number): ReturnType<ThrottlerStorage['increment']> {
    const now = Date.now();
    const window = this.windowOf(key, ttl, now);
    window.hits += 1;
    const seconds = secondsUntil(window.endsAt, now);
    return Promise.resolve({
      totalHits: window.hits,
      timeToExpire: seconds,
      isBlocked: window.hits > limit,
      timeToBlockExpire: seconds,
    });
  }

  private windowOf(key: string, windowMs: number, now: number): RateWindow {
    const known = this.windows.get(key);
    if (known !== undefined && known.endsAt > now) return known;
    const window = {
      key,
      lengthMs: windowMs,
      hits: 0,
      endsAt: now + windowMs,
      untold: 0,
      pending: 0,
      isQueued: false,
    };
    this.windows.set(key, window);
    return window;
  }
}

/** Whole seconds until a window ends, one at the least. */
export const secondsLeft = (window: RateWindow, now = Date.now()): number =>
  Math.max(1, secondsUntil(window.endsAt, now));
