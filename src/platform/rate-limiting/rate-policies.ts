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
  /** The IPv6 addresses of one /48 network together. */
  readonly networkReads: RatePolicy;
  readonly networkWrites: RatePolicy;
  readonly keyReads: RatePolicy;
  readonly keyWrites: RatePolicy;
  /** Wrong API keys from one address, and from one /48 network. */
  readonly wrongKeys: RatePolicy;
  readonly networkWrongKeys: RatePolicy;
  /** Guesses at ADMIN_API_KEY from all addresses together. */
  readonly adminGuesses: RatePolicy;
  /** Booking attempts of one person at one event. */
  readonly attempts: RatePolicy;
}

/** The policies per API key; these names also identify their throttlers. */
export const KEY_READS = 'key-reads';
export const KEY_WRITES = 'key-writes';

const MINUTE = 60;

/** What many addresses together may do, in terms of one. */
const TOGETHER = 10;

export function policiesOf(config: Config): RatePolicies {
  const window = config.RATE_LIMIT_WINDOW_SECONDS;
  const reads = config.RATE_LIMIT_READS_PER_ADDRESS;
  const writes = config.RATE_LIMIT_WRITES_PER_ADDRESS;
  const wrongKeys = config.RATE_LIMIT_WRONG_KEYS_PER_MINUTE;
  return {
    addressReads: new RatePolicy('address-reads', reads, window),
    addressWrites: new RatePolicy('address-writes', writes, window),
    networkReads: new RatePolicy('network-reads', reads * TOGETHER, window),
    networkWrites: new RatePolicy('network-writes', writes * TOGETHER, window),
    keyReads: new RatePolicy(KEY_READS, config.RATE_LIMIT_READS_PER_KEY, window),
    keyWrites: new RatePolicy(KEY_WRITES, config.RATE_LIMIT_WRITES_PER_KEY, window),
    wrongKeys: new RatePolicy('wrong-keys', wrongKeys, MINUTE),
    networkWrongKeys: new RatePolicy('network-wrong-keys', wrongKeys * TOGETHER, MINUTE),
    adminGuesses: new RatePolicy('admin-key-guesses', wrongKeys * TOGETHER, MINUTE),
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
