import { type DynamicModule, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  ThrottlerGuard,
  ThrottlerModule,
  type ThrottlerModuleOptions,
  type ThrottlerRequest,
  ThrottlerStorage,
} from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { addLimitHeaders, requestOf } from '../platform/http/index.js';
import {
  isRead,
  KEY_READS,
  rateLimited,
  RateLimits,
  type RatePolicy,
} from '../platform/rate-limiting/index.js';

/** The key of ADMIN_API_KEY has no id. */
const ADMIN = 'admin';

/** Two throttlers, one for reads and one for writes, counted in RateLimits. */
export const keyThrottlers = (): DynamicModule =>
  ThrottlerModule.forRootAsync({
    inject: [RateLimits],
    useFactory: (limits: RateLimits) => {
      const { keyReads, keyWrites } = limits.policies;
      const skipIf = {
        reads: (context: ExecutionContext) => !isRead(requestOf(context).method),
        writes: (context: ExecutionContext) => isRead(requestOf(context).method),
      };
      return {
        storage: limits,
        throttlers: [
          {
            name: keyReads.name,
            limit: keyReads.limit,
            ttl: keyReads.windowMs,
            skipIf: skipIf.reads,
          },
          {
            name: keyWrites.name,
            limit: keyWrites.limit,
            ttl: keyWrites.windowMs,
            skipIf: skipIf.writes,
          },
        ],
      };
    },
  });

/** The package's guard reads seven pieces of metadata in every request, but a route's metadata never changes. */
class MetadataCache extends Reflector {
  private readonly byHandler = new WeakMap<object, Map<unknown, unknown>>();

  override getAllAndOverride(
    key: unknown,
    targets: Parameters<Reflector['getAllAndOverride']>[1],
  ): never {
    const [handler] = targets;
    let known = this.byHandler.get(handler!);
    if (known === undefined) this.byHandler.set(handler!, (known = new Map()));
    if (!known.has(key)) known.set(key, super.getAllAndOverride(key as string, targets));
    return known.get(key) as never;
  }
}

/**
 * Limits requests by their API key. It must run after AccessGuard, which sets `request.caller`.
 *
 * @throws {DomainError} `rate_limited`
 */
@Injectable()
export class KeyRateGuard extends ThrottlerGuard {
  @Inject(RateLimits) private readonly limits!: RateLimits;

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() storage: ThrottlerStorage,
  ) {
    super(options, storage, new MetadataCache());
  }

  /** Routes open to everybody have no caller, and so no key to count for. */
  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    return Promise.resolve(requestOf(context).caller === null);
  }

  protected override getTracker(request: FastifyRequest): Promise<string> {
    return Promise.resolve(request.caller?.keyId ?? ADMIN);
  }

  protected override generateKey(_: ExecutionContext, keyId: string, name: string): string {
    return this.policyNamed(name).keyPrefix + keyId;
  }

  /** As the package does it, but with the RateLimit headers of the IETF draft and a problem document. */
  protected override async handleRequest(request: ThrottlerRequest): Promise<boolean> {
    const { context, limit, ttl, throttler, blockDuration, getTracker, generateKey } = request;
    const { req, res } = this.getRequestResponse(context);
    const name = throttler.name!;
    const key = generateKey(context, await getTracker(req, context), name);
    const record = await this.storageService.increment(key, ttl, limit, blockDuration, name);
    const policy = this.policyNamed(name);
    addLimitHeaders(res as FastifyReply, policy, record.totalHits, record.timeToExpire);
    if (record.isBlocked) throw rateLimited(policy, record.timeToExpire);
    return true;
  }

  private policyNamed(name: string): RatePolicy {
    const { keyReads, keyWrites } = this.limits.policies;
    return name === KEY_READS ? keyReads : keyWrites;
  }
}
