import type { Params } from 'nestjs-pino';
import { destination, type DestinationStream } from 'pino';
import type { Config } from '../config/config.js';
import { describeError } from './describe-error.js';

/** In production lines are gathered and written together; this bounds how late and how many. */
const BUFFER_BYTES = 8_192;
const FLUSH_MS = 250;

/**
 * JSON lines in production, readable ones in a terminal. Requests are logged by one hook
 * (http/request-log.ts): the module's own middleware makes a child logger and an async context for
 * every request, which cost a tenth of the throughput on one hot event.
 */
export function loggingOptions(config: Config): Params {
  const options = {
    level: config.LOG_LEVEL,
    serializers: { err: describeError },
    redact: ['identifier', 'password', 'authorization', '*.identifier', '*.password'],
  };
  if (config.NODE_ENV === 'production') {
    return { forRoutes: [], pinoHttp: [options, bufferedOutput()] };
  }
  const pretty = {
    transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', singleLine: true } },
  };
  return { forRoutes: [], pinoHttp: { ...options, ...(process.stdout.isTTY && pretty) } };
}

/** Standard output, written asynchronously; flushed at exit by pino itself. */
function bufferedOutput(): DestinationStream {
  const output = destination({ dest: 1, sync: false, minLength: BUFFER_BYTES });
  setInterval(() => output.flush(), FLUSH_MS).unref();
  return output;
}
