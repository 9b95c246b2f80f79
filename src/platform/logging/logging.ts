import type { Params } from 'nestjs-pino';
import pino, { type DestinationStream, destination, type Logger, transport } from 'pino';
import type { Config } from '../config/index.js';
import { describeError } from './describe-error.js';

/** Takes lines; the same for all that is logged. */
export type LogOutput = DestinationStream;

export const LOG_OUTPUT = Symbol('where log lines go');

export type RequestLogger = Pick<Logger, 'info' | 'warn'>;

/** In production lines are gathered and written together; this bounds how late and how many. */
const GATHERED_MAX = 32_768;
const FLUSH_MS = 250;

/** Fields that are redacted if an object with one of them is ever logged. */
const REDACTED = ['identifier', 'password', 'authorization', '*.identifier', '*.password'];

/**
 * Requests are logged by one hook (http/request-log.ts): the module's own middleware makes a child
 * logger and an async context for every request, which cost a tenth of the throughput on one hot event.
 */
export function loggingOptions(config: Config, output: LogOutput): Params {
  const options = {
    level: config.LOG_LEVEL,
    serializers: { err: describeError },
    redact: REDACTED,
    base: null,
  };
  return { forRoutes: [], pinoHttp: [options, output] };
}

/**
 * For the lines about requests, without a search for things to redact: those lines are built of seven known
 * fields.
 */
export const requestLogger = (config: Config, output: LogOutput): RequestLogger =>
  pino({ level: config.LOG_LEVEL, base: null }, output);

/** Standard output: JSON lines in production and if it is not a terminal; otherwise readable lines. */
export function standardOutput({ NODE_ENV }: Config): LogOutput {
  if (NODE_ENV === 'production') return gatheredOutput();
  if (!process.stdout.isTTY) return destination(1);
  return transport({ target: 'pino-pretty', options: { singleLine: true } });
}

/**
 * Written asynchronously, and the rest at exit. Lines are gathered here, because the stream would measure all
 * that it has gathered again with each line.
 */
function gatheredOutput(): LogOutput {
  let lines = '';
  const pass = (): void => {
    if (lines === '') return;
    stream.write(lines);
    lines = '';
  };
  // Before pino's own handler, which writes what the stream has.
  process.once('exit', pass);
  const stream = destination({
    dest: 1,
    sync: false,
    minLength: GATHERED_MAX,
    maxWrite: 2 * GATHERED_MAX,
  });
  setInterval(() => {
    pass();
    stream.flush();
  }, FLUSH_MS).unref();
  return {
    write(line) {
      lines += line;
      if (lines.length >= GATHERED_MAX) pass();
    },
  };
}
