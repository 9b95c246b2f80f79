import type { Params, PinoLogger } from 'nestjs-pino';
import pino, { destination, type DestinationStream } from 'pino';
import type { Config } from '../config/config.js';
import { describeError } from './describe-error.js';

export type RequestLogger = Pick<PinoLogger, 'info' | 'warn'>;

/** In production lines are gathered and written together; this bounds how late and how many. */
const BUFFER_BYTES = 8_192;
const FLUSH_MS = 250;

/** Should an object that holds one of these ever be logged, it is not written. */
const REDACTED = ['identifier', 'password', 'authorization', '*.identifier', '*.password'];

/**
 * JSON lines in production, readable ones in a terminal. Requests are logged by one hook
 * (http/request-log.ts): the module's own middleware makes a child logger and an async context for
 * every request, which cost a tenth of the throughput on one hot event.
 */
export function loggingOptions(config: Config): Params {
  const options = {
    level: config.LOG_LEVEL,
    serializers: { err: describeError },
    redact: REDACTED,
    base: null,
  };
  if (config.NODE_ENV === 'production') {
    return { forRoutes: [], pinoHttp: [options, bufferedOutput()] };
  }
  const pretty = { transport: { target: 'pino-pretty', options: { singleLine: true } } };
  return { forRoutes: [], pinoHttp: { ...options, ...(process.stdout.isTTY && pretty) } };
}

/**
 * For the lines about requests. In production without a search for things to redact: those lines are
 * built of six known fields.
 */
export function requestLogger(config: Config, other: PinoLogger): RequestLogger {
  if (config.NODE_ENV !== 'production') return other;
  return pino({ level: config.LOG_LEVEL, base: null }, bufferedOutput());
}

let output: DestinationStream | undefined;

/** Standard output, written asynchronously; flushed at exit by pino itself. */
function bufferedOutput(): DestinationStream {
  if (output !== undefined) return output;
  const stream = destination({ dest: 1, sync: false, minLength: BUFFER_BYTES });
  setInterval(() => stream.flush(), FLUSH_MS).unref();
  output = stream;
  return output;
}
