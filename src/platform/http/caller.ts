import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Scope, SCOPES } from '../common/index.js';

export { type Scope, SCOPES } from '../common/index.js';

/** Who sends a request. */
export interface Caller {
  /** Whose events, people and bookings he sees; there are no others for him. */
  readonly organiserId: string;
  /** The key he has shown; undefined if none was asked for. */
  readonly keyId: string | undefined;
  readonly scopes: ReadonlySet<Scope>;
}

/** Whoever comes while no keys are asked for. His organiser owns what was made before there were keys. */
export const ANONYMOUS_CALLER: Caller = {
  organiserId: '00000000-0000-0000-0000-000000000000',
  keyId: undefined,
  scopes: new Set(SCOPES),
};

declare module 'fastify' {
  interface FastifyRequest {
    /** Set once a guard knows him. */
    caller: Caller | null;
  }
}

/** @throws {Error} on an address that is open to people without a key: there is no caller to rely on */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('This address does not ask who calls');
  return request.caller;
}

/** Who sends the request. */
export const CallerParam = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
