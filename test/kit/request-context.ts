import { type RequestContext, UNRESTRICTED_CALLER } from '../../src/platform/http/index.js';
import type { Person } from '../../src/users/index.js';

const { organiserId } = UNRESTRICTED_CALLER;

/** A caller without an API key or an idempotency key. */
export const CONTEXT: RequestContext = {
  organiserId,
  actor: { by: 'open' },
  mayRead: true,
  idempotencyKey: undefined,
  connection: { destroyed: false },
};

/** The person that an identifier stands for. */
export const someone = (identifier: string): Person => ({ organiserId, identifier });
