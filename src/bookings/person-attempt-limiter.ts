import { hash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/index.js';
import { DomainError } from '../platform/errors/index.js';
import { RateLimits, secondsLeft } from '../platform/rate-limiting/index.js';
import type { Person } from '../users/index.js';

const SECRET_BYTES = 32;

/**
 * Counts how often somebody tries to get places of an event. Every attempt counts, whatever becomes
 * of it: also the repeated ones that an `Idempotency-Key` answers.
 */
@Injectable()
export class PersonAttemptLimiter {
  /** All who count together need the same; it dies with the process where nobody else does. */
  private readonly secret: string;

  constructor(
    @Inject(CONFIG) { REDIS_URL }: Pick<Config, 'REDIS_URL'>,
    private readonly limits: RateLimits,
  ) {
    this.secret = hash('sha256', REDIS_URL ?? randomBytes(SECRET_BYTES), 'base64url');
  }

  /**
   * Before anything is locked, or any lane entered.
   *
   * @throws {DomainError} `too_many_attempts`
   */
  count({ organiserId, identifier }: Person, eventId: string): void {
    const { attempts } = this.limits.policies;
    if (!this.limits.isEnabled || attempts.limit === 0) return;
    // Who it is cannot be read from it: identifiers are kept in the database, and nowhere else.
    const who = hash('sha256', this.secret + eventId + organiserId + identifier, 'base64url');
    const window = this.limits.hit(attempts, who);
    if (window.hits <= attempts.limit) return;
    const { limit, windowSeconds } = attempts;
    const detail = 'This person has tried too often to get places of this event.';
    throw new DomainError('rate_limited', 'too_many_attempts', detail, {
      extensions: { limit, windowSeconds },
      retryAfterSeconds: secondsLeft(window),
    });
  }
}
