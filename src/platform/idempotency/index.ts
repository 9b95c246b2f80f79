export { IdempotencyJanitor } from './idempotency-janitor.js';
export { IdempotencyKeyEntity } from './idempotency-key.entity.js';
export {
  type IdempotencyKey,
  idempotencyKeyReused,
  runOnce,
  storeResults,
  findStoredResults,
  type StoredResult,
  replaceStoredResult,
} from './idempotency.js';
export { Replayable, type ResultHeaders } from './replayable.js';
