import type { FastifyReply, onRequestHookHandler } from 'fastify';
import {
  clientOf,
  isRead,
  type RatePolicy,
  rateLimited,
  type RateLimits,
  secondsLeft,
} from '../rate-limiting/index.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The client that limits per address count (see clientOf); empty if rate limiting is off. */
    client: string;
  }
}

/**
 * Counts every request for its address before any other work is done for it. It is a Fastify hook and not
 * a throttler guard: guards run after the body is parsed, and never for requests that match no route.
 */
export const addressLimit =
  (limits: RateLimits): onRequestHookHandler =>
  (request, reply, done) => {
    const { addressReads, addressWrites } = limits.policies;
    // Despite its type, `ip` is undefined once the client has disconnected.
    request.client = clientOf(request.ip);
    if (request.routeOptions.config.unlimited === true) return done();
    const policy = isRead(request.method) ? addressReads : addressWrites;
    const window = limits.hit(policy, request.client);
    const seconds = secondsLeft(window);
    setLimitHeaders(reply, policy, window.hits, seconds);
    return done(window.hits > policy.limit ? rateLimited(policy, seconds) : undefined);
  };

/** The fields of draft-ietf-httpapi-ratelimit-headers-11. */
function setLimitHeaders(
  reply: FastifyReply,
  policy: RatePolicy,
  hits: number,
  seconds: number,
): void {
  void reply.header('ratelimit-policy', policy.policyField);
  void reply.header('ratelimit', policy.limitField(hits, seconds));
}

/** Adds a second limit to the headers that already hold the address limit. */
export function addLimitHeaders(
  reply: FastifyReply,
  policy: RatePolicy,
  hits: number,
  seconds: number,
): void {
  const policies = reply.getHeader('ratelimit-policy');
  const limits = reply.getHeader('ratelimit');
  const own = policy.limitField(hits, seconds);
  void reply.header('ratelimit-policy', `${String(policies)}, ${policy.policyField}`);
  void reply.header('ratelimit', `${String(limits)}, ${own}`);
}
