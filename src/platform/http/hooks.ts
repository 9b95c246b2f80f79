import type { IncomingMessage } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { type Config, CONFIG } from '../config/index.js';
import { FrameworkLogger, LOG_OUTPUT, type LogOutput, requestLogger } from '../logging/index.js';
import { TRACING, type Tracing } from '../observability/index.js';
import { RateLimits } from '../rate-limiting/index.js';
import { addressLimit } from './address-limit.js';
import { recordBrokenHttp } from './broken-http.js';
import { Drain } from './drain.js';
import { refuseForeignPages } from './foreign-pages.js';
import { acceptJsonOnly } from './json-body.js';
import { isHarmlessJson } from './json-shape.js';
import { logRequest, routeOf } from './request-log.js';
import { isReadableTarget } from './request-target.js';
import { RequestTimes } from './request-times.js';
import { elapsedMs } from './response-delay.js';
import { SECURITY_HEADERS } from './security-headers.js';
import { malformedRequest } from './validation.js';

type Step = (fastify: FastifyInstance, app: NestFastifyApplication) => void;

/** Prepares the server, in the service and in tests. Hooks of the same event run in the order of this list. */
export function configureHttp(app: NestFastifyApplication): void {
  app.useLogger(app.get(FrameworkLogger));
  const steps: readonly Step[] = [
    acceptJsonOnly,
    decorateRequests,
    trackConnections,
    setConstantHeaders,
    requireClearHeaders,
    limitAddresses,
    protectOpenMode,
    refuseUnreadableTargets,
    nameTraces,
    refuseHarmfulJson,
    recordResponses,
    ignoreExpectations,
  ];
  const fastify = app.getHttpAdapter().getInstance();
  for (const step of steps) step(fastify, app);
}

/** Properties declared up front give all requests the same hidden class. */
const decorateRequests: Step = (fastify) => {
  fastify.decorateRequest('caller', null);
  fastify.decorateRequest('client', '');
  fastify.decorateRequest('problemCode', null);
};

const trackConnections: Step = (fastify) => {
  const drain = new Drain(fastify.server);
  fastify.decorate('drain', drain);
  fastify.addHook('onRequest', (_request, { raw }, done) => {
    drain.begin(raw);
    done();
  });
  fastify.addHook('onResponse', (_request, reply, done) => {
    drain.end(reply.raw);
    done();
  });
  fastify.addHook('preClose', (done) => {
    drain.cut();
    done();
  });
};

const setConstantHeaders: Step = (fastify) => {
  const headers = { ...SECURITY_HEADERS, 'cache-control': 'no-store' };
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('x-request-id', request.id);
    done();
  });
};

const requireClearHeaders: Step = (fastify) => {
  fastify.addHook('onRequest', ({ raw }, _reply, done) =>
    done(lacksHost(raw) || repeatsHeader(raw) ? malformedRequest() : undefined),
  );
};

/** RFC 9112 requires Host in HTTP/1.1. */
const lacksHost = ({ headers, httpVersion }: IncomingMessage): boolean =>
  headers.host === undefined && httpVersion === '1.1';

const SINGLE = ['host', 'authorization', 'content-type', 'idempotency-key'];

/** Node keeps the first Host and drops the others, while a proxy in front may have gone by another. */
function repeatsHeader(request: IncomingMessage): boolean {
  // Nearly all requests repeat no header at all.
  if (Object.keys(request.headers).length * 2 === request.rawHeaders.length) return false;
  return SINGLE.some((name) => (request.headersDistinct[name]?.length ?? 0) > 1);
}

const limitAddresses: Step = (fastify, app) => {
  const limits = app.get(RateLimits);
  if (limits.isEnabled) fastify.addHook('onRequest', addressLimit(limits));
};

const protectOpenMode: Step = (fastify, app) => {
  const config = app.get<Config>(CONFIG);
  if (config.AUTH_MODE === 'open') fastify.addHook('onRequest', refuseForeignPages(config));
};

const refuseUnreadableTargets: Step = (fastify) => {
  fastify.addHook('onRequest', ({ url }, _reply, done) =>
    done(isReadableTarget(url) ? undefined : malformedRequest()),
  );
};

const nameTraces: Step = (fastify, app) => {
  const tracing = app.get<Tracing | null>(TRACING);
  if (tracing === null) return;
  fastify.addHook('onRequest', (request, _reply, done) => {
    tracing.nameRoute(routeOf(request));
    done();
  });
};

const refuseHarmfulJson: Step = (fastify) => {
  fastify.addHook('preValidation', ({ body }, _reply, done) =>
    done(body === undefined || isHarmlessJson(body) ? undefined : malformedRequest()),
  );
};

const recordResponses: Step = (fastify, app) => {
  const log = requestLogger(app.get<Config>(CONFIG), app.get<LogOutput>(LOG_OUTPUT));
  const times = app.get(RequestTimes);
  fastify.decorate('recordBrokenHttp', recordBrokenHttp(log, times));
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = routeOf(request);
    const labels = { method: request.method, route, status: reply.statusCode };
    times.observe(labels, elapsedMs(reply) / 1000);
    logRequest(log, { request, reply, route });
    done();
  });
};

/** Ignores any `Expect` but `100-continue`, as RFC 9110 allows; Node would send an empty 417. */
const ignoreExpectations: Step = ({ server }) => {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
};
