import type { FastifyReply, onRequestHookHandler } from 'fastify';
import {
  clientOf,
  isRead,
  type RatePolicy,
  rateLimited,
  type RateLimits,
  type RateWindow,
  secondsLeft,
} from '../rate-limiting/index.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom its address stands for in a limit (limits/client-of.ts); empty if nothing is limited. */
    client: string;
  }
}

/**
 * Counts every request for its address, before anything else is done for it: also those that no
 * handler sees, because there is none at their address or their body cannot be read.
 */
export const addressLimit =
  (limits: RateLimits): onRequestHookHandler =>
  (request, reply, done) => {
    const { addressReads, addressWrites } = limits.policies;
    // Undefined, whatever its type says, if the client has hung up already.
    request.client = clientOf(request.ip);
    if (request.routeOptions.config.unlimited === true) return done();
    const policy = isRead(request.method) ? addressReads : addressWrites;
    const window = limits.hit(policy, request.client);
    tellLimit(reply, policy, window);
    return done(window.hits > policy.limit ? rateLimited(policy, window) : undefined);
  };

/** The fields of draft-ietf-httpapi-ratelimit-headers-11. */
function tellLimit(reply: FastifyReply, policy: RatePolicy, window: RateWindow): void {
  void reply.header('ratelimit-policy', policy.field);
  void reply.header('ratelimit', policy.left(window.hits, secondsLeft(window)));
}

/** The same for one that stands beside the limit of the address, which has been told. */
export function tellSecondLimit(reply: FastifyReply, policy: RatePolicy, window: RateWindow): void {
  const policies = reply.getHeader('ratelimit-policy');
  const limits = reply.getHeader('ratelimit');
  const left = policy.left(window.hits, secondsLeft(window));
  void reply.header('ratelimit-policy', `${String(policies)}, ${policy.field}`);
  void reply.header('ratelimit', `${String(limits)}, ${left}`);
}
