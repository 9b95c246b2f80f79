import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type Config, CONFIG } from '../config/index.js';
import { describeError } from '../logging/index.js';
import { RateLimits, type RateWindow, type Sharing } from './rate-limits.js';
import { type Count, RedisCounts } from './redis-counts.js';

/** How often instances tell each other; in between each goes by what it has heard. */
const TELL_MS = 100;
const WINDOWS_A_MESSAGE = 500;

/** `local` if every instance counts for itself. */
export type LimitMode = 'local' | 'shared';

/**
 * Adds up, in Redis, what all instances count. No request waits for it: it is counted here, and told
 * and heard of a moment later (docs/adr/0013). Without Redis every instance goes on with what it
 * counts itself.
 */
@Injectable()
export class LimitSharing implements Sharing, OnModuleInit, OnModuleDestroy {
  private readonly queue: RateWindow[] = [];
  private counts: RedisCounts | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isTelling = false;
  private current: LimitMode | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly limits: RateLimits,
    private readonly log: PinoLogger,
  ) {}

  get mode(): LimitMode {
    return this.current ?? 'local';
  }

  /** Whether they are meant to be shared, be Redis there or not. */
  get isWanted(): boolean {
    return this.config.REDIS_URL !== undefined && this.limits.isEnabled;
  }

  async onModuleInit(): Promise<void> {
    const { REDIS_URL } = this.config;
    if (REDIS_URL === undefined || !this.isWanted) return;
    this.counts = await RedisCounts.at(REDIS_URL, {
      found: () => this.share(),
      lost: (error) => this.countAlone(error),
    });
    this.limits.shareWith(this);
    this.timer = setInterval(() => void this.tell(), TELL_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
    this.counts?.close();
    this.counts = undefined;
  }

  note(window: RateWindow): void {
    window.untold += 1;
    if (window.isQueued || this.current !== 'shared') return;
    window.isQueued = true;
    this.queue.push(window);
  }

  private async tell(): Promise<void> {
    if (this.isTelling || this.queue.length === 0) return;
    this.isTelling = true;
    try {
      while (this.queue.length > 0) await this.exchange(this.queue.splice(0, WINDOWS_A_MESSAGE));
    } catch (error) {
      this.countAlone(error);
    } finally {
      this.isTelling = false;
    }
  }

  private async exchange(windows: readonly RateWindow[]): Promise<void> {
    const now = Date.now();
    for (const window of windows) window.isQueued = false;
    const open = windows.filter(({ endsAt }) => endsAt > now);
    if (open.length === 0) return;
    const news = open.map(({ key, untold, endsAt, lengthMs }) => {
      return { key, hits: untold, ms: endsAt - now, msMax: lengthMs };
    });
    // If they do not arrive they are lost: told twice, they would refuse somebody for nothing.
    for (const window of open) window.untold = 0;
    const totals = (await this.counts?.add(news)) ?? [];
    const heardAt = Date.now();
    for (const [index, total] of totals.entries()) hear(open[index]!, total, heardAt);
  }

  private share(): void {
    if (this.current === 'shared') return;
    const again = this.current === 'local' ? ' again' : '';
    this.current = 'shared';
    this.log.info(`Rate limits are shared through Redis${again}`);
  }

  private countAlone(error: unknown): void {
    // What has not been told yet is told with the next hit, once there is somebody to tell it to.
    for (const window of this.queue.splice(0)) window.isQueued = false;
    if (this.current === 'local') return;
    this.current = 'local';
    this.log.warn(
      { error: describeError(error) },
      'Redis cannot be used: every instance counts rate limits for itself until it can',
    );
  }
}

const isCount = (value: number): boolean => Number.isFinite(value) && value >= 0;

/** Takes over a total, and the end of its window, as far as they can be right: anybody may have written them. */
export function hear(window: RateWindow, { hits, ms }: Count, now: number): void {
  // Redis may have lost what this instance still knows.
  if (isCount(hits)) window.hits = Math.max(window.hits, hits + window.untold + window.pending);
  if (isCount(ms)) window.endsAt = now + Math.min(ms, window.lengthMs);
}
