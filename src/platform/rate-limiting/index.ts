export { clientOf, networkOf } from './client-of.js';
export { LimitSharing } from './limit-sharing.js';
export { RateLimits, secondsLeft } from './rate-limits.js';
export { isRead, KEY_READS, KEY_WRITES, rateLimited, RatePolicy } from './rate-policies.js';
