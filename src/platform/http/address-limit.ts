import type { FastifyReply, onRequestHookHandler } from 'fastify';
import type { DomainError } from '../errors/index.js';
import {
  clientOf,
  isRead,
  networkOf,
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
    // Despite its type, `ip` is undefined once the client has disconnected.
    request.client = clientOf(request.ip);
    if (request.routeOptions.config.unlimited === true) return done();
    const { addressReads, addressWrites, networkReads, networkWrites } = limits.policies;
    const reads = isRead(request.method);
    const policy = reads ? addressReads : addressWrites;
    const window = limits.hit(policy, request.client);
    const seconds = secondsLeft(window);
    setLimitHeaders(reply, policy, window.hits, seconds);
    if (window.hits > policy.limit) return done(rateLimited(policy, seconds));
    return done(networkRefusal(limits, reads ? networkReads : networkWrites, request.client));
  };

/** Counts only what its address may still send: one address alone does not use up its network's limit. */
function networkRefusal(
  limits: RateLimits,
  policy: RatePolicy,
  client: string,
): DomainError | undefined {
  const network = networkOf(client);
  if (network === undefined) return undefined;
  const window = limits.hit(policy, network);
  return window.hits > policy.limit ? rateLimited(policy, secondsLeft(window)) : undefined;
}

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
