import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/http/index.js';
import { rateLimited, RateLimits, secondsLeft } from '../platform/rate-limiting/index.js';
import { KeyRing, type ShownHash, type KeyRejection } from './key-ring.js';

interface Waiter {
  readonly goOn: () => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Looks for keys as long as not too many of an address were wrong. Looking for a key costs a read, so it is
 * counted before it is done, and taken back if it was no guess: of an address no more keys are looked for at once
 * than may be wrong yet, and who comes meanwhile waits until that is known.
 */
@Injectable()
export class WrongKeyLimiter {
  /** By address; in the order in which they came. */
  private readonly waiting = new Map<string, Waiter[]>();

  constructor(
    private readonly limits: RateLimits,
    private readonly keys: KeyRing,
  ) {}

  /**
   * A promise only where something is waited for: it is on the way of every request.
   *
   * @throws {DomainError} `rate_limited`
   */
  callerWith(token: string, client: string): Promise<Caller | KeyRejection> | KeyRejection {
    const shown = this.keys.look(token);
    // Keys that were right before go on: others share the address.
    if (shown === 'admin' || this.keys.isFamiliar(shown)) return this.keys.callerWith(shown);
    if (!this.limits.isEnabled) return this.keys.callerWith(shown);
    this.refuse(client);
    return shown === 'malformed' ? shown : this.inTurn(shown, client);
  }

  private async inTurn(shown: ShownHash, client: string): Promise<Caller | KeyRejection> {
    try {
      return await this.lookFor(shown, client);
    } finally {
      this.wakeNext(client);
    }
  }

  private async lookFor(shown: ShownHash, client: string): Promise<Caller | KeyRejection> {
    const window = this.limits.reserve(this.limits.policies.wrongKeys, client);
    if (window === undefined) {
      await this.turnOf(client);
      if (this.keys.isFamiliar(shown)) return this.keys.callerWith(shown);
      this.refuse(client);
      return this.lookFor(shown, client);
    }
    let isGuess = false;
    try {
      const found = await this.keys.callerWith(shown);
      // Only that is a guess: a key that was good once is none.
      isGuess = found === 'unknown';
      return found;
    } catch (error) {
      this.failAll(client, error);
      throw error;
    } finally {
      this.limits.settle(window, isGuess);
    }
  }

  private refuse(client: string): void {
    const { wrongKeys } = this.limits.policies;
    const window = this.limits.exhausted(wrongKeys, client);
    if (window !== undefined) throw rateLimited(wrongKeys, secondsLeft(window));
  }

  private turnOf(client: string): Promise<void> {
    return new Promise((goOn, fail) => {
      const waiters = this.waiting.get(client) ?? [];
      waiters.push({ goOn, fail });
      this.waiting.set(client, waiters);
    });
  }

  /** Each that has ended lets one go on, who ends in his turn: nobody is forgotten. */
  private wakeNext(client: string): void {
    const waiters = this.waiting.get(client);
    waiters?.shift()?.goOn();
    if (waiters?.length === 0) this.waiting.delete(client);
  }

  /** What has kept one key from being looked for keeps the others: they do not wait to be told one by one. */
  private failAll(client: string, error: unknown): void {
    const waiters = this.waiting.get(client) ?? [];
    this.waiting.delete(client);
    for (const { fail } of waiters) fail(error);
  }
}
