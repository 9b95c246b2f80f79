import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { SkipThrottle } from '@nestjs/throttler';
import { KEY_READS, KEY_WRITES } from '../rate-limiting/index.js';
import type { Scope } from '../common/index.js';

export const ACCESS = 'rowlock:access';
export const UNLIMITED = 'rowlock:unlimited';

/** The access that a route requires: none, any API key, or a key with this scope. */
export type Access = 'public' | 'key' | Scope;

/** The route needs no API key. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(ACCESS, 'public');

/** The route needs an API key, with this scope if one is given. */
export const NeedsKey = (scope?: Scope): MethodDecorator & ClassDecorator =>
  SetMetadata(ACCESS, scope ?? 'key');

/** Its requests wait by event before they are parsed (see admitCommands). Not for routes with parameters. */
export const WaitsUnread = (): MethodDecorator => RouteConfig({ waitsUnread: true });

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The address limit does not count requests to this route. */
    unlimited?: boolean;
    /** Requests to this route wait by event before they are parsed. */
    waitsUnread?: boolean;
  }
}

/** No rate limit applies: supervisors, load balancers and Prometheus poll this route. */
export const Unlimited = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(UNLIMITED, true),
    // The limit of a key is a guard, the limit of an address a Fastify hook.
    SkipThrottle({ [KEY_READS]: true, [KEY_WRITES]: true }),
    RouteConfig({ unlimited: true }),
  );
