import type { FastifyReply, onRequestHookHandler } from 'fastify';
import { clientOf } from '../limits/client-of.js';
import { isRead, type RatePolicy } from '../limits/policies.js';
import { rateLimited } from '../limits/rate-limited.js';
import { type RateLimits, type RateWindow, secondsLeft } from '../limits/rate-limits.js';

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
    request.client = clientOf(request.ip);
    if (request.routeOptions.config.unlimited === true) return done();
    const policy = isRead(request.method) ? addressReads : addressWrites;
    const window = limits.hit(policy, request.client);
    tellLimit(reply, policy, window);
    return done(window.hits > policy.limit ? rateLimited(policy, window) : undefined);
  };

/** The fields of draft-ietf-httpapi-ratelimit-headers-11; of several policies the narrowest is last. */
export function tellLimit(reply: FastifyReply, policy: RatePolicy, window: RateWindow): void {
  const others = reply.getHeader('ratelimit-policy');
  const left = policy.left(window.hits, secondsLeft(window));
  if (others === undefined) {
    void reply.header('ratelimit-policy', policy.field).header('ratelimit', left);
    return;
  }
  void reply
    .header('ratelimit-policy', `${String(others)}, ${policy.field}`)
    .header('ratelimit', `${String(reply.getHeader('ratelimit'))}, ${left}`);
}
