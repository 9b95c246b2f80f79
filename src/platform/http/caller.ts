import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ADMIN, DEFAULT_ORGANISER_ID, OPEN, type Scope, SCOPES } from '../common/index.js';

/** The sender of a request. */
export interface Caller {
  /** The organiser whose events, people and bookings the caller can access. */
  readonly organiserId: string;
  /** Undefined for ADMIN_API_KEY, and if no keys are required. */
  readonly keyId: string | undefined;
  /** Names the caller in the log and in the messages of its changes (see Actor). */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** Every caller while no keys are required. */
export const UNRESTRICTED_CALLER: Caller = {
  organiserId: DEFAULT_ORGANISER_ID,
  keyId: undefined,
  name: OPEN,
  scopes: new Set(SCOPES),
};

/** The caller with ADMIN_API_KEY. */
export const ADMIN_CALLER: Caller = { ...UNRESTRICTED_CALLER, name: ADMIN };

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by AccessGuard; null on public routes. */
    caller: Caller | null;
  }
}

/** @throws {Error} on a public route, which has no caller */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error('This route is public: it has no caller');
  return request.caller;
}

/** The request of an HTTP handler. `switchToHttp()` would make three closures each time. */
export const requestOf = (context: ExecutionContext): FastifyRequest =>
  context.getArgByIndex<FastifyRequest>(0);

/** Injects the caller into a handler. */
export const CallerParam = createParamDecorator((_: unknown, context: ExecutionContext) =>
  callerOf(requestOf(context)),
);
