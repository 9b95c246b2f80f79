import { hash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/index.js';
import { DomainError } from '../platform/errors/index.js';
import { RateLimits, secondsLeft } from '../platform/rate-limiting/index.js';
import type { Person } from '../users/index.js';

const SECRET_BYTES = 32;

/**
 * Limits how often a person may try to get places of an event. Every attempt counts, whatever its
 * outcome, and so do retries with the same `Idempotency-Key`.
 */
@Injectable()
export class PersonAttemptLimiter {
  /** The same in all instances that share their counts; random in an instance that counts alone. */
  private readonly secret: string;

  constructor(
    @Inject(CONFIG) { REDIS_URL }: Pick<Config, 'REDIS_URL'>,
    private readonly limits: RateLimits,
  ) {
    this.secret = hash('sha256', REDIS_URL ?? randomBytes(SECRET_BYTES), 'base64url');
  }

  /**
   * Spends one attempt. Called before a lane is entered or anything is locked.
   *
   * @throws {DomainError} `too_many_attempts`
   */
  spend({ organiserId, identifier }: Person, eventId: string): void {
    const { attempts } = this.limits.policies;
    if (!this.limits.isEnabled || attempts.limit === 0) return;
    // Hashed, because identifiers are stored in the database and nowhere else.
    const person = hash('sha256', this.secret + eventId + organiserId + identifier, 'base64url');
    const window = this.limits.hit(attempts, person);
    if (window.hits <= attempts.limit) return;
    const { limit, windowSeconds } = attempts;
    throw new DomainError('too_many_attempts', {
      extensions: { limit, windowSeconds },
      retryAfterSeconds: secondsLeft(window),
    });
  }
}
