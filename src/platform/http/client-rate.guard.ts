import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../errors/domain-error.js';
import { clientOf } from './client-of.js';
import type { FixedWindowStorage } from './fixed-window.storage.js';

const ADMITTED = Promise.resolve(true);

/** Metadata that `@SkipThrottle()` leaves behind. */
const SKIP = 'THROTTLER:SKIPdefault';

/**
 * One limit for each client, whatever it asks for. The throttler's own guard looks up six settings of
 * the route by reflection and awaits each, for every request; ours has one, known at boot.
 *
 * @throws {DomainError} `rate_limited`
 */
@Injectable()
export class ClientRateGuard extends ThrottlerGuard {
  private readonly exempt = new WeakMap<object, boolean>();

  override canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.isExempt(context)) return ADMITTED;
    const [{ ttl, limit }] = this.throttlers as [{ ttl: number; limit: number }];
    const { ip } = context.switchToHttp().getRequest<FastifyRequest>();
    const storage = this.storageService as FixedWindowStorage;
    const hit = storage.hit(clientOf(ip), ttl, limit);
    if (!hit.isBlocked) return ADMITTED;
    const detail = 'Too many requests. Try again after the time in Retry-After.';
    throw new DomainError('rate_limited', 'rate_limited', detail, {
      retryAfterSeconds: hit.timeToBlockExpire,
    });
  }

  private isExempt(context: ExecutionContext): boolean {
    const handler = context.getHandler();
    let exempt = this.exempt.get(handler);
    if (exempt === undefined) {
      exempt = this.reflector.getAllAndOverride(SKIP, [handler, context.getClass()]) === true;
      this.exempt.set(handler, exempt);
    }
    return exempt;
  }
}
