export { clientOf } from './client-of.js';
export { LimitSharing } from './limit-sharing.js';
export { rateLimited } from './rate-limited.js';
export { RateLimits, type RateWindow, secondsLeft } from './rate-limits.js';
export { isRead, RatePolicy } from './rate-policies.js';
