import type { Socket } from 'node:net';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, ConnectionError, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config/index.js';
import { refuseBrokenHttp } from './broken-http.js';
import { HttpAdapter } from './http-adapter.js';
import { toProblem } from './problem-details.js';
import { sendProblem } from './problem-details.filter.js';
import { requestId } from './request-id.js';

const BODY_BYTES_MAX = 64 * 1024;

/** Longer than the idle timeout of common load balancers; otherwise a POST may meet a closing socket. */
const KEEP_ALIVE_MS = 72_000;
const REQUEST_MS_MAX = 30_000;
const HEADERS_MS_MAX = 15_000;
const CHECK_MS = 5_000;

/** Fastify calls it with itself as `this`. */
function answerBrokenHttp(this: FastifyInstance, error: ConnectionError, socket: Socket): void {
  const refusal = refuseBrokenHttp(error, socket);
  if (refusal !== undefined) this.recordBrokenHttp(refusal);
}

export function createHttpAdapter(config: Config): FastifyAdapter {
  return new HttpAdapter({
    bodyLimit: BODY_BYTES_MAX,
    // There is no Nest middleware for it to run.
    skipMiddie: true,
    genReqId: requestId,
    // Only the configured proxies are trusted: clients can send any X-Forwarded-For.
    trustProxy: config.TRUST_PROXY ?? false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MS_MAX,
    http: {
      // By default Node checks every 30 s, which would double these timeouts.
      connectionsCheckingInterval: CHECK_MS,
      headersTimeout: HEADERS_MS_MAX,
      // A request that waits its turn is buffered whole (see queue-key.ts).
      highWaterMark: BODY_BYTES_MAX + 1,
      // A hook refuses these requests with a problem document; Node would send an empty response.
      requireHostHeader: false,
    },
    // On shutdown, requests in progress finish and idle connections are closed.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerBrokenHttp,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply, toProblem(error)),
  });
}
