import type { FastifyReply, FastifyRequest } from 'fastify';
import { OPEN } from '../common/index.js';
import type { RequestLogger } from '../logging/index.js';
import type { Caller } from './caller.js';
import { elapsedMs } from './response-delay.js';

/** Supervisors, load balancers and Prometheus poll these every few seconds. */
const POLLED_PATHS = /^\/(?:health|metrics)(?:\/|$)/;

export const pathOf = ({ url = '' }: { readonly url?: string | undefined }): string => {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
};

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem document sent in response; null if there is none. */
    problemCode: string | null;
  }
}

/** The pattern of the route: the path itself may contain anything a client puts there. */
export const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'unknown';

/** Nothing where all requests would have the same name. */
const nameToLog = (caller: Caller | null): string | undefined =>
  caller === null || caller.name === OPEN ? undefined : caller.name;

/**
 * Logs one line per request: method, route, status, milliseconds, request id, the id of the API key, and the
 * code of a refusal. Never the key itself, the query, headers or bodies: they are secret or may identify
 * people.
 */
export function logRequest(
  log: RequestLogger,
  { request, reply, route }: { request: FastifyRequest; reply: FastifyReply; route: string },
): void {
  if (POLLED_PATHS.test(route)) return;
  const line = {
    requestId: request.id,
    method: request.method,
    route,
    status: reply.statusCode,
    ms: Math.round(elapsedMs(reply) * 10) / 10,
    key: nameToLog(request.caller),
    code: request.problemCode ?? undefined,
  };
  if (reply.statusCode >= 500) log.warn(line, 'request');
  else log.info(line, 'request');
}
