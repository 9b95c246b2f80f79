import type { Config } from '../config/index.js';
import { DomainError } from '../errors/index.js';

/** A number of requests allowed within a fixed window. */
export class RatePolicy {
  readonly windowMs: number;
  /** This policy in the `RateLimit-Policy` header. */
  readonly policyField: string;
  /**
   * Starts the key of every window of this policy. It contains the window's length, because Redis keeps
   * windows of the old length for a while after the setting has changed.
   */
  readonly keyPrefix: string;
  private readonly limitFieldStart: string;

  /** @param name appears in responses: clients and operators read it */
  constructor(
    readonly name: string,
    readonly limit: number,
    readonly windowSeconds: number,
  ) {
    this.windowMs = windowSeconds * 1000;
    this.policyField = `"${name}";q=${limit};w=${windowSeconds}`;
    this.keyPrefix = `${name}:${windowSeconds}:`;
    this.limitFieldStart = `"${name}";r=`;
  }

  /** The remaining requests and seconds of a window in the `RateLimit` header. */
  limitField(hits: number, seconds: number): string {
    return `${this.limitFieldStart}${hits < this.limit ? this.limit - hits : 0};t=${seconds}`;
  }
}

export interface RatePolicies {
  readonly addressReads: RatePolicy;
  readonly addressWrites: RatePolicy;
  readonly keyReads: RatePolicy;
  readonly keyWrites: RatePolicy;
  /** Unknown API keys from one address. */
  readonly wrongKeys: RatePolicy;
  /** Booking attempts of one person at one event. */
  readonly attempts: RatePolicy;
}

/** The policies per API key; these names also identify their throttlers. */
export const KEY_READS = 'key-reads';
export const KEY_WRITES = 'key-writes';

const MINUTE = 60;

export function policiesOf(config: Config): RatePolicies {
  const window = config.RATE_LIMIT_WINDOW_SECONDS;
  return {
    addressReads: new RatePolicy('address-reads', config.RATE_LIMIT_READS_PER_ADDRESS, window),
    addressWrites: new RatePolicy('address-writes', config.RATE_LIMIT_WRITES_PER_ADDRESS, window),
    keyReads: new RatePolicy(KEY_READS, config.RATE_LIMIT_READS_PER_KEY, window),
    keyWrites: new RatePolicy(KEY_WRITES, config.RATE_LIMIT_WRITES_PER_KEY, window),
    wrongKeys: new RatePolicy('wrong-keys', config.RATE_LIMIT_WRONG_KEYS_PER_MINUTE, MINUTE),
    attempts: new RatePolicy(
      'attempts',
      config.RATE_LIMIT_ATTEMPTS_PER_PERSON,
      config.RATE_LIMIT_ATTEMPTS_WINDOW_SECONDS,
    ),
  };
}

const READ_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** Whether requests with this method count as reads. */
export const isRead = (method: string): boolean => READ_METHODS.has(method);

/** The refusal of a request over a policy's limit. */
export const rateLimited = (policy: RatePolicy, retryAfterSeconds: number): DomainError =>
  new DomainError('rate_limited', { extensions: { policy: policy.name }, retryAfterSeconds });
