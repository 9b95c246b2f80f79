import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/http/index.js';
import { rateLimited, RateLimits, secondsLeft } from '../platform/rate-limiting/index.js';
import { KeyRing, type HashedKey, type KeyRejection } from './key-ring.js';

interface Waiter {
  readonly proceed: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Looks up keys until an address has sent too many unknown ones. A lookup costs a read, so it is counted
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
  ) {}

  /**
   * Returns a promise only where it has to wait: every request passes here.
   *
   * @throws {DomainError} `rate_limited`
   */
  callerWith(token: string, client: string): Promise<Caller | KeyRejection> | KeyRejection {
    const key = this.keys.parse(token);
    // Keys that were valid before are never limited: many clients can share an address.
    if (key === 'admin' || this.keys.wasValid(key)) return this.keys.callerWith(key);
    if (!this.limits.isEnabled) return this.keys.callerWith(key);
    this.refuseIfExhausted(client);
    return key === 'malformed' ? key : this.inTurn(key, client);
  }

  private async inTurn(key: HashedKey, client: string): Promise<Caller | KeyRejection> {
    try {
      return await this.lookUp(key, client);
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
    const { wrongKeys } = this.limits.policies;
    const window = this.limits.exhausted(wrongKeys, client);
    if (window !== undefined) throw rateLimited(wrongKeys, secondsLeft(window));
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
