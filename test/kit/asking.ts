import { type Asking, EVERYBODY } from '../../src/platform/http/index.js';
import type { Person } from '../../src/users/index.js';

const { organiserId } = EVERYBODY;

/** Whoever asks while no keys are asked for, without an idempotency key. */
export const ASKING: Asking = { organiserId, claim: undefined };

/** Whom he means by an identifier. */
export const someone = (identifier: string): Person => ({ organiserId, identifier });
