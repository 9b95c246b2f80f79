import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { rateLimited, RateLimits, secondsLeft } from '../platform/rate-limiting/index.js';

const CLIENTS_MAX = 1_000;
const EVERYBODY = 'all';

/**
 * Limits guesses at ADMIN_API_KEY from all addresses together. Over the limit the right key is refused as
 * well, or the refusal would tell a right guess from a wrong one; but not at addresses where it was right
 * since the start of this instance, so that guesses do not stop an operator at work.
 */
@Injectable()
export class AdminGuesses {
  private readonly owners = new LRUCache<string, true>({ max: CLIENTS_MAX });

  constructor(private readonly limits: RateLimits) {}

  /** @throws {DomainError} `rate_limited` */
  count(client: string, isRight: boolean): void {
    const { adminGuesses } = this.limits.policies;
    const window = this.limits.exhausted(adminGuesses, EVERYBODY);
    if (window !== undefined && !this.owners.has(client)) {
      throw rateLimited(adminGuesses, secondsLeft(window));
    }
    if (isRight) this.owners.set(client, true);
    else this.limits.hit(adminGuesses, EVERYBODY);
  }
}
