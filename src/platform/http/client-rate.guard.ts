import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard } from '@nestjs/throttler';
import { DomainError } from '../errors/domain-error.js';

/** Metadata that `@SkipThrottle()` leaves behind. */
const SKIP = 'THROTTLER:SKIPdefault';

/**
 * One limit for each client, whatever it asks for. The throttler's own guard looks up six settings of
 * the route by reflection and awaits each, for every request; ours has one, known at boot.
 */
@Injectable()
export class ClientRateGuard extends ThrottlerGuard {
  private readonly exempt = new WeakMap<object, boolean>();

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.isExempt(context)) return true;
    const [{ ttl, limit }] = this.throttlers as [{ ttl: number; limit: number }];
    const client = await this.getTracker(this.getRequestResponse(context).req);
    const hit = await this.storageService.increment(client, ttl, limit, ttl, 'default');
    if (!hit.isBlocked) return true;
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
