import { type RequestContext, ANONYMOUS_CALLER } from '../../src/platform/http/index.js';
import type { Person } from '../../src/users/index.js';

const { organiserId } = ANONYMOUS_CALLER;

/** Whoever asks while no keys are asked for, without an idempotency key. */
export const CONTEXT: RequestContext = { organiserId, idempotencyKey: undefined };

/** Whom he means by an identifier. */
export const someone = (identifier: string): Person => ({ organiserId, identifier });
