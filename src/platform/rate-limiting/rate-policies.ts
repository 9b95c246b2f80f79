import type { Config } from '../config/index.js';

/** How often somebody may do something within how long. */
export class RatePolicy {
  readonly windowMs: number;
  /** This policy as it stands in `RateLimit-Policy`. */
  readonly field: string;
  /**
   * Before whom it is applied to: nobody is counted under two policies at once, nor under one whose window
   * has become another since (Redis keeps the old ones until they end).
   */
  readonly tag: string;
  private readonly leftIs: string;

  /** @param name stands in answers: clients and operators read it */
  constructor(
    readonly name: string,
    readonly limit: number,
    readonly windowSeconds: number,
  ) {
    this.windowMs = windowSeconds * 1000;
    this.field = `"${name}";q=${limit};w=${windowSeconds}`;
    this.tag = `${name}:${windowSeconds}:`;
    this.leftIs = `"${name}";r=`;
  }

  /** What is left, as it stands in `RateLimit`: so many within so many seconds. */
  left(hits: number, seconds: number): string {
    return `${this.leftIs}${hits < this.limit ? this.limit - hits : 0};t=${seconds}`;
  }
}

export interface RatePolicies {
  readonly addressReads: RatePolicy;
  readonly addressWrites: RatePolicy;
  readonly keyReads: RatePolicy;
  readonly keyWrites: RatePolicy;
  /** Of one address: keys that are not ours. */
  readonly wrongKeys: RatePolicy;
  /** Of one person at one event. */
  readonly attempts: RatePolicy;
}

const MINUTE = 60;

export function policiesOf(config: Config): RatePolicies {
  const window = config.RATE_LIMIT_WINDOW_SECONDS;
  return {
    addressReads: new RatePolicy('address-reads', config.RATE_LIMIT_READS_PER_ADDRESS, window),
    addressWrites: new RatePolicy('address-writes', config.RATE_LIMIT_WRITES_PER_ADDRESS, window),
    keyReads: new RatePolicy('key-reads', config.RATE_LIMIT_READS_PER_KEY, window),
    keyWrites: new RatePolicy('key-writes', config.RATE_LIMIT_WRITES_PER_KEY, window),
    wrongKeys: new RatePolicy('wrong-keys', config.RATE_LIMIT_WRONG_KEYS_PER_MINUTE, MINUTE),
    attempts: new RatePolicy(
      'attempts',
      config.RATE_LIMIT_ATTEMPTS_PER_PERSON,
      config.RATE_LIMIT_ATTEMPTS_WINDOW_SECONDS,
    ),
  };
}

const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Whether a method only looks. */
export const isRead = (method: string): boolean => READING.has(method);
