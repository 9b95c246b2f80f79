export { IdempotencyJanitor } from './idempotency-janitor.js';
export { IdempotencyKeyEntity } from './idempotency-key.entity.js';
export {
  type Answered,
  type IdempotencyClaim,
  idempotencyKeyReused,
  once,
  remember,
  remembered,
  type RememberedAttempt,
  rememberInstead,
} from './idempotency.js';
