import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PinoLogger } from 'nestjs-pino';

type RequestLogger = Pick<PinoLogger, 'info' | 'warn'>;

/** Asked every few seconds by every supervisor and load balancer: nobody wants to read that. */
const SILENT = '/health';

export const pathOf = (request: FastifyRequest): string => {
  const query = request.url.indexOf('?');
  return query === -1 ? request.url : request.url.slice(0, query);
};

/**
 * One line a request: method, path (never the query, it may name people), status, milliseconds and
 * request id; no headers, no bodies.
 */
export function logRequest(log: RequestLogger, request: FastifyRequest, reply: FastifyReply): void {
  const path = pathOf(request);
  if (path.startsWith(SILENT)) return;
  const line = {
    requestId: request.id,
    method: request.method,
    path,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
  };
  if (reply.statusCode >= 500) log.warn(line, 'request');
  else log.info(line, 'request');
}
