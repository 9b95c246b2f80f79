import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type Config, CONFIG } from '../config/index.js';
import { LOG_OUTPUT, type LogOutput, requestLogger } from '../logging/index.js';
import {
  type AdmissionSteps,
  CommandAdmission,
  Visit,
  type WaitEstimate,
} from './command-admission.js';
import { EarlyRefusals } from './early-refusal.js';
import { HttpAdapter } from './http-adapter.js';
import type { QueueNames } from './queue-key.js';
import { Pipelining } from './pipelining.js';
import { requestId } from './request-id.js';
import { pathOf } from './request-log.js';
import { RequestTimes } from './request-times.js';
import { noteWait } from './response-delay.js';

/**
 * Puts the admission of commands before Fastify, whose work for a request costs more than a refusal may. Also
 * holds requests that were pipelined: they would overtake those that wait.
 */
export function admitCommands(
  app: NestFastifyApplication,
  waits: WaitEstimate,
  queueNames: QueueNames,
): void {
  const { server } = app.getHttpAdapter().getInstance();
  const pipelining = new Pipelining();
  const routes = commandRoutes(app);
  const [handle] = server.listeners('request') as [RequestListener];
  const admission = new CommandAdmission(stepsOf(app, handle), waits, queueNames);
  const receive = (request: IncomingMessage, response: ServerResponse): void => {
    const route = request.method === 'POST' ? pathOf(request) : '';
    if (routes.has(route)) admission.arrive(new Visit(request, response, route));
    else handle(request, response);
  };
  server.removeListener('request', handle);
  server.on('request', (request, response) => {
    if (response.socket !== null) return receive(request, response);
    return pipelining.hold(response, () => receive(request, response));
  });
}

function commandRoutes(app: NestFastifyApplication): ReadonlySet<string> {
  const routes = new Set<string>();
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', ({ url, config }) => {
    if (config?.waitsUnread === true) routes.add(url);
  });
  return routes;
}

function stepsOf(app: NestFastifyApplication, handle: RequestListener): AdmissionSteps {
  const { drain } = app.getHttpAdapter().getInstance();
  const { unread } = app.getHttpAdapter() as HttpAdapter;
  const log = requestLogger(app.get<Config>(CONFIG), app.get<LogOutput>(LOG_OUTPUT));
  const refusals = new EarlyRefusals(log, app.get(RequestTimes));
  return {
    begin({ request, response, waitedMs }) {
      if (waitedMs > 0) noteWait(response, waitedMs);
      handle(request, response);
    },
    hold: ({ response }) => drain.begin(response),
    refuse({ request, response, route, waitedMs }, retryAfterSeconds) {
      drain.begin(response);
      // Large, or of unknown length: it would have to be received to its end before the next request.
      if (!request.complete) response.shouldKeepAlive = false;
      const seconds = waitedMs / 1_000;
      refusals.send(response, { route, requestId: requestId(request), retryAfterSeconds, seconds });
      unread.watch(response);
    },
    end: ({ response }) => drain.end(response),
  };
}
