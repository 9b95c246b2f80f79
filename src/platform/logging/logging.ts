import { RequestMethod } from '@nestjs/common';
import type { Params } from 'nestjs-pino';
import type { Config } from '../config/config.js';
import { describeError } from './describe-error.js';

/** Middleware on Fastify may see a shortened `url`; the whole is then in `originalUrl`. */
const pathOf = (request: { url?: string | undefined; originalUrl?: string }): string =>
  (request.originalUrl ?? request.url ?? '').split('?', 1)[0]!;

/**
 * JSON lines in production, readable ones in a terminal. One line a request: method, path (never the
 * query, it may name people), status, time and request id; no headers, no bodies.
 */
export function loggingOptions(config: Config): Params {
  const pretty = config.NODE_ENV !== 'production' && process.stdout.isTTY;
  return {
    // nestjs-pino's default route matches nothing but '/' on Nest 12 with Fastify.
    forRoutes: [{ path: '{*splat}', method: RequestMethod.ALL }],
    pinoHttp: {
      level: config.LOG_LEVEL,
      ...(pretty && {
        transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', singleLine: true } },
      }),
      // Set for every request before anything else runs (http/server.ts).
      genReqId: (request) => request.id,
      autoLogging: { ignore: (request) => pathOf(request).startsWith('/health') },
      quietReqLogger: true,
      customAttributeKeys: { reqId: 'requestId' },
      serializers: {
        req: (request: { method: string; url: string }) => ({
          method: request.method,
          path: pathOf(request),
        }),
        res: (response: { statusCode: number }) => ({ status: response.statusCode }),
        err: describeError,
      },
      customLogLevel: (_, response) => (response.statusCode >= 500 ? 'warn' : 'info'),
      redact: ['req.headers', '*.identifier', '*.password', '*.authorization'],
    },
  };
}
