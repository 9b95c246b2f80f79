import { DomainError } from '../errors/index.js';
import type { RatePolicy } from './rate-policies.js';
import { type RateWindow, secondsLeft } from './rate-limits.js';

/** Somebody has come oftener than a policy lets him. */
export const rateLimited = (policy: RatePolicy, window: RateWindow): DomainError =>
  new DomainError('rate_limited', {
    extensions: { policy: policy.name },
    retryAfterSeconds: secondsLeft(window),
  });
