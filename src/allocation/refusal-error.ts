import { DomainError } from '../platform/errors/index.js';
import { idempotencyKeyReused } from '../platform/idempotency/index.js';
import type { Refusal } from './core/refusals.js';

/** @param isReplay whether an earlier request with the same idempotency key got this refusal */
export function refusalError({ code, ...extensions }: Refusal, isReplay = false): DomainError {
  if (code === 'idempotency_key_reused') return idempotencyKeyReused();
  return new DomainError(code, { extensions, isReplay });
}
