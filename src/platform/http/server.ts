import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type {
  FastifyBodyParser,
  FastifyInstance,
  ConnectionError,
  FastifyReply,
  FastifyRequest,
} from 'fastify';
import { FrameworkLogger, LOG_OUTPUT, type LogOutput, requestLogger } from '../logging/index.js';
import { type Config, CONFIG } from '../config/index.js';
import { RateLimits } from '../rate-limiting/index.js';
import { uuidV7 } from '../common/index.js';
import { addressLimit } from './address-limit.js';
import { noteBrokenHttp, refuseBrokenHttp } from './broken-http.js';
import { Drain } from './drain.js';
import { HttpAdapter } from './http-adapter.js';
import { isHarmlessJson } from './json-shape.js';
import { toProblem } from './problem-details.js';
import { logRequest, routeOf } from './request-log.js';
import { RequestTimes } from './request-times.js';
import { securityHeaders } from './security-headers.js';
import { TRACING, type Tracing } from '../observability/index.js';
import { sendProblem } from './send-problem.js';
import { malformedRequest } from './validation.js';

const BODY_BYTES_MAX = 64 * 1024;

/** Longer than the idle timeout of common load balancers, or a POST may meet a closing socket. */
const KEEP_ALIVE_MS = 72_000;
const REQUEST_MS_MAX = 30_000;
const HEADERS_MS_MAX = 15_000;
const CHECK_MS = 5_000;

/** Letters that can do no harm in a log line or a header. */
const SAFE_REQUEST_ID = /^[\w.:-]{1,64}$/;

/** The caller's `X-Request-Id` if it is harmless, else a new one. */
function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : uuidV7();
}

/** Fastify hands itself in. */
function answerBrokenHttp(this: FastifyInstance, error: ConnectionError, socket: Socket): void {
  const refusal = refuseBrokenHttp(error, socket);
  if (refusal !== undefined) this.noteBrokenHttp(refusal);
}

export function createHttpAdapter(config: Config): FastifyAdapter {
  return new HttpAdapter({
    bodyLimit: BODY_BYTES_MAX,
    genReqId: requestId,
    // Addresses of the proxies, never blind trust: X-Forwarded-For is whatever a client says.
    trustProxy: config.TRUST_PROXY ?? false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MS_MAX,
    http: {
      // Node looks every half minute, so that what may take one takes two.
      connectionsCheckingInterval: CHECK_MS,
      headersTimeout: HEADERS_MS_MAX,
      // Refused by a hook: Node's own refusal is an empty answer.
      requireHostHeader: false,
    },
    // Running requests finish on shutdown; connections that only idle are closed.
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerBrokenHttp,
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply, toProblem(error)),
  });
}

/** RFC 9112 wants one of every client that speaks HTTP/1.1. */
const lacksHost = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.host === undefined && httpVersion === '1.1';

/** Whatever else than `100-continue` is expected is passed over, as RFC 9110 allows; Node would answer an empty 417. */
function passOverExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** Many clients announce JSON whatever they send: without a body, as with DELETE, it means nothing. */
function jsonParser(fastify: FastifyInstance): FastifyBodyParser<string> {
  const parse = fastify.getDefaultJsonParser('error', 'error') as FastifyBodyParser<string>;
  return (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body, done);
}

/** All that every request passes, in the service and in tests alike. */
export function configureHttp(app: NestFastifyApplication): void {
  app.useLogger(app.get(FrameworkLogger));
  const fastify = app.getHttpAdapter().getInstance();
  // JSON only: a form or text body, which a page of another site could make a browser send, is 415.
  fastify.removeContentTypeParser(['text/plain', 'application/json']);
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, jsonParser(fastify));
  // Known from the start, so that all requests have one shape.
  fastify.decorateRequest('caller', null);
  fastify.decorateRequest('client', '');
  fastify.decorateRequest('problemCode', null);
  const headers = { ...securityHeaders(), 'cache-control': 'no-store' };
  const log = requestLogger(app.get<Config>(CONFIG), app.get<LogOutput>(LOG_OUTPUT));
  const times = app.get(RequestTimes);
  const drain = new Drain(fastify.server);
  passOverExpectations(fastify);
  fastify.decorate('drain', drain);
  fastify.decorate('noteBrokenHttp', noteBrokenHttp(log, times));
  fastify.addHook('onRequest', (request, reply, done) => {
    drain.begin(reply.raw);
    void reply.headers(headers).header('x-request-id', request.id);
    done(lacksHost(request.raw) ? malformedRequest() : undefined);
  });
  const limits = app.get(RateLimits);
  if (limits.isEnabled) fastify.addHook('onRequest', addressLimit(limits));
  const tracing = app.get<Tracing | null>(TRACING);
  if (tracing !== null) {
    fastify.addHook('onRequest', (request, _reply, done) => {
      tracing.nameRoute(routeOf(request));
      done();
    });
  }
  fastify.addHook('onResponse', (request, reply, done) => {
    drain.end(reply.raw);
    const route = routeOf(request);
    times.observe(
      { method: request.method, route, status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
    logRequest(log, { request, reply, route });
    done();
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    done(
      request.body === undefined || isHarmlessJson(request.body) ? undefined : malformedRequest(),
    );
  });
  fastify.addHook('preClose', (done) => {
    drain.cut();
    done();
  });
}
