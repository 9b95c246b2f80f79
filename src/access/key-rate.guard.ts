import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isRead, rateLimited, type RateLimits } from '../platform/rate-limiting/index.js';
import { tellSecondLimit } from '../platform/http/index.js';

const ADMITTED = Promise.resolve(true);

/** Metadata that `@SkipThrottle()` leaves behind. */
const SKIP = 'THROTTLER:SKIPdefault';

/** The key of ADMIN_API_KEY has no id. */
const ADMIN = 'admin';

/**
 * Counts requests for the key that they come with; it stands after the guard that knows whose it is.
 * The throttler's own guard looks up six settings of the route by reflection and awaits each, for
 * every request; ours has two limits, known at boot.
 *
 * @throws {DomainError} `rate_limited`
 */
@Injectable()
export class KeyRateGuard extends ThrottlerGuard {
  private readonly exempt = new WeakMap<object, boolean>();

  override canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const { caller, method } = http.getRequest<FastifyRequest>();
    if (caller === null || this.isExempt(context)) return ADMITTED;
    const limits = this.storageService as RateLimits;
    const { keyReads, keyWrites } = limits.policies;
    const policy = isRead(method) ? keyReads : keyWrites;
    const window = limits.hit(policy, caller.keyId ?? ADMIN);
    tellSecondLimit(http.getResponse<FastifyReply>(), policy, window);
    if (window.hits > policy.limit) throw rateLimited(policy, window);
    return ADMITTED;
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
