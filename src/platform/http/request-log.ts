import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RequestLogger } from '../logging/index.js';

/** Asked every few seconds by supervisors, load balancers and collectors: nobody wants to read that. */
const SILENT = /^\/(?:health|metrics)(?:\/|$)/;

export const pathOf = (request: FastifyRequest): string => {
  const query = request.url.indexOf('?');
  return query === -1 ? request.url : request.url.slice(0, query);
};

declare module 'fastify' {
  interface FastifyRequest {
    /** The code of the problem that answers it; null while there is none. */
    problemCode: string | null;
  }
}

/** The route instead of the path where there is one: a path may hold whatever a client puts there. */
export const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'unknown';

/**
 * One line a request: method, route (never the query, it may name people), status, milliseconds,
 * request id, and the code if it was refused; no headers, no bodies.
 */
export function logRequest(
  log: RequestLogger,
  { request, reply, route }: { request: FastifyRequest; reply: FastifyReply; route: string },
): void {
  if (SILENT.test(route)) return;
  const line = {
    requestId: request.id,
    method: request.method,
    route,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    code: request.problemCode ?? undefined,
  };
  if (reply.statusCode >= 500) log.warn(line, 'request');
  else log.info(line, 'request');
}
