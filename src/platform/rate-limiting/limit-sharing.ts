import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type Config, CONFIG } from '../config/index.js';
import { describeError } from '../logging/index.js';
import { type HitPublisher, RateLimits, type RateWindow } from './rate-limits.js';
import { type Count, RedisCounts } from './redis-counts.js';

/** Between two flushes, an instance decides by the totals it received last. */
const FLUSH_MS = 100;
const WINDOWS_PER_MESSAGE = 500;

/** `local` while this instance counts by itself. */
export type LimitMode = 'local' | 'shared';

/**
 * Adds up the hits of all instances in Redis. No request waits for Redis: a hit is counted here first,
 * sent with the next flush, and the total comes back a moment later (docs/adr/0013). Without Redis,
 * every instance counts by itself.
 */
@Injectable()
export class LimitSharing implements HitPublisher, OnModuleInit, OnModuleDestroy {
  private readonly queue: RateWindow[] = [];
  private counts: RedisCounts | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isFlushing = false;
  private current: LimitMode | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly limits: RateLimits,
    private readonly log: PinoLogger,
  ) {}

  get mode(): LimitMode {
    return this.current ?? 'local';
  }

  /** Whether limits are configured to be shared, even if Redis is unavailable. */
  get isWanted(): boolean {
    return this.config.REDIS_URL !== undefined && this.limits.isEnabled;
  }

  async onModuleInit(): Promise<void> {
    const { REDIS_URL } = this.config;
    if (REDIS_URL === undefined || !this.isWanted) return;
    this.counts = await RedisCounts.connectTo(REDIS_URL, {
      available: () => this.share(),
      unavailable: (error) => this.countAlone(error),
    });
    this.limits.publishTo(this);
    this.timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.counts?.close();
    this.counts = undefined;
  }

  publish(window: RateWindow): void {
    window.unsent += 1;
    if (window.isQueued || this.current !== 'shared') return;
    window.isQueued = true;
    this.queue.push(window);
  }

  private async flush(): Promise<void> {
    if (this.isFlushing || this.queue.length === 0) return;
    this.isFlushing = true;
    try {
      while (this.queue.length > 0) await this.send(this.queue.splice(0, WINDOWS_PER_MESSAGE));
    } catch (error) {
      this.countAlone(error);
    } finally {
      this.isFlushing = false;
    }
  }

  private async send(windows: readonly RateWindow[]): Promise<void> {
    const now = Date.now();
    for (const window of windows) window.isQueued = false;
    const open = windows.filter(({ endsAt }) => endsAt > now);
    if (open.length === 0) return;
    const deltas = open.map(({ key, unsent, endsAt, lengthMs }) => {
      return { key, hits: unsent, ms: endsAt - now, msMax: lengthMs };
    });
    // Cleared first: hits that get lost are better than hits counted twice, which would refuse a client wrongly.
    for (const window of open) window.unsent = 0;
    const totals = (await this.counts?.add(deltas)) ?? [];
    const receivedAt = Date.now();
    for (const [index, total] of totals.entries()) applyTotal(open[index]!, total, receivedAt);
  }

  private share(): void {
    if (this.current === 'shared') return;
    const again = this.current === 'local' ? ' again' : '';
    this.current = 'shared';
    this.log.info(`Rate limits are shared through Redis${again}`);
  }

  private countAlone(error: unknown): void {
    // Unsent hits stay in their windows and go out with the next hit once Redis is back.
    for (const window of this.queue.splice(0)) window.isQueued = false;
    if (this.current === 'local') return;
    this.current = 'local';
    this.log.warn(
      { error: describeError(error) },
      'Redis cannot be used; this instance counts rate limits by itself until it can',
    );
  }
}

const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0;

/** Takes over a total and the end of its window where they are plausible: other programs can write to Redis. */
export function applyTotal(window: RateWindow, { hits, ms }: Count, now: number): void {
  // Redis may have lost hits that this instance still knows, so a total never lowers its count.
  if (isCount(hits)) window.hits = Math.max(window.hits, hits + window.unsent + window.pending);
  if (isCount(ms)) window.endsAt = now + Math.min(ms, window.lengthMs);
}
