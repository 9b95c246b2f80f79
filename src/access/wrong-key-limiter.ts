import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/http/index.js';
import {
  networkOf,
  rateLimited,
  RateLimits,
  secondsLeft,
} from '../platform/rate-limiting/index.js';
import { AdminGuesses } from './admin-guesses.js';
import { KeyRing, type HashedKey, type KeyRejection } from './key-ring.js';

interface Waiter {
  readonly proceed: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Accepts keys until an address has sent too many wrong ones. A lookup costs a read, so it is counted
 * before it starts, and taken back if the key is known. Per address, an instance looks up only as many
 * keys at once as failures remain allowed; further requests wait for the results.
 */
@Injectable()
export class WrongKeyLimiter {
  /** By address, in order of arrival. */
  private readonly waiting = new Map<string, Waiter[]>();

  constructor(
    private readonly limits: RateLimits,
    private readonly keys: KeyRing,
    private readonly guesses: AdminGuesses,
  ) {}

  /**
   * Returns a promise only where it has to wait: every request passes here.
   *
   * @throws {DomainError} `rate_limited`
   */
  callerWith(token: string, client: string): Promise<Caller | KeyRejection> | KeyRejection {
    const key = this.keys.parse(token);
    // Keys that were valid before are never limited: many clients can share an address, and nobody can
    // guess 256 random bits. ADMIN_API_KEY, which people choose, is limited like a guess at it.
    if (!this.limits.isEnabled || this.keys.wasValid(key)) return this.keys.callerWith(key);
    this.refuseIfExhausted(client);
    if (typeof key === 'object') return this.inTurn(key, token, client);
    if (this.keys.mayBeAdmin(token)) this.guesses.count(client, key === 'admin');
    if (key === 'admin') return this.keys.callerWith(key);
    this.limits.hit(this.limits.policies.wrongKeys, client);
    this.countForNetwork(client);
    return key;
  }

  private async inTurn(
    key: HashedKey,
    token: string,
    client: string,
  ): Promise<Caller | KeyRejection> {
    try {
      const found = await this.lookUp(key, client);
      if (found !== 'unknown') return found;
      this.countForNetwork(client);
      if (this.keys.mayBeAdmin(token)) this.guesses.count(client, false);
      return found;
    } finally {
      this.wakeNext(client);
    }
  }

  private async lookUp(key: HashedKey, client: string): Promise<Caller | KeyRejection> {
    const window = this.limits.reserve(this.limits.policies.wrongKeys, client);
    if (window === undefined) {
      await this.turnOf(client);
      if (this.keys.wasValid(key)) return this.keys.callerWith(key);
      this.refuseIfExhausted(client);
      return this.lookUp(key, client);
    }
    let isWrong = false;
    try {
      const found = await this.keys.callerWith(key);
      // A key that was valid once is not a wrong key.
      isWrong = found === 'unknown';
      return found;
    } catch (error) {
      this.failAll(client, error);
      throw error;
    } finally {
      this.limits.settle(window, isWrong);
    }
  }

  private refuseIfExhausted(client: string): void {
    const { wrongKeys, networkWrongKeys } = this.limits.policies;
    const window = this.limits.exhausted(wrongKeys, client);
    if (window !== undefined) throw rateLimited(wrongKeys, secondsLeft(window));
    const shared = this.limits.exhausted(networkWrongKeys, networkOf(client) ?? '');
    if (shared !== undefined) throw rateLimited(networkWrongKeys, secondsLeft(shared));
  }

  private countForNetwork(client: string): void {
    const network = networkOf(client);
    if (network !== undefined) this.limits.hit(this.limits.policies.networkWrongKeys, network);
  }

  private turnOf(client: string): Promise<void> {
    return new Promise((proceed, fail) => {
      const waiters = this.waiting.get(client) ?? [];
      waiters.push({ proceed, fail });
      this.waiting.set(client, waiters);
    });
  }

  /** Each request that ends wakes one waiter, which wakes the next when it ends: none is forgotten. */
  private wakeNext(client: string): void {
    const waiters = this.waiting.get(client);
    waiters?.shift()?.proceed();
    if (waiters?.length === 0) this.waiting.delete(client);
  }

  /** An error that prevented one lookup would prevent the others, so all waiters fail at once. */
  private failAll(client: string, error: unknown): void {
    const waiters = this.waiting.get(client) ?? [];
    this.waiting.delete(client);
    for (const { fail } of waiters) fail(error);
  }
}
