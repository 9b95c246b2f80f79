export { IdempotencyJanitor } from './idempotency-janitor.js';
export { IdempotencyKeyEntity } from './idempotency-key.entity.js';
export {
  type Replayable,
  type IdempotencyKey,
  idempotencyKeyReused,
  runOnce,
  storeResults,
  findStoredResults,
  type StoredResult,
  replaceStoredResult,
} from './idempotency.js';
