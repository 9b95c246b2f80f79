export { IdempotencyJanitor } from './idempotency-janitor.js';
export { IdempotencyKeyEntity } from './idempotency-key.entity.js';
export {
  findStoredResults,
  type IdempotencyKey,
  idempotencyKeyReused,
  passingResult,
  replaceStoredResult,
  runOnce,
  type StoredResult,
  storeResults,
} from './idempotency.js';
export { Replayable } from './replayable.js';
