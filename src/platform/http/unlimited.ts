import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { SkipThrottle } from '@nestjs/throttler';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Requests of this address are not counted. */
    unlimited?: boolean;
  }
}

/** An address that supervisors and load balancers ask, as often as they like. */
export const Unlimited = (): MethodDecorator =>
  applyDecorators(SkipThrottle(), RouteConfig({ unlimited: true }));
