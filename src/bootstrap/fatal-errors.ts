import { describeError } from '../platform/logging/index.js';

const FATAL = 60;

/**
 * An uncaught error ends the process, as it would without this handler. But Node would print everything
 * the error holds, and a database error holds its statement with every value in it.
 */
export function exitOnFatalErrors(): void {
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

function end(thrown: unknown): never {
  reportFatal(thrown, 'Unhandled error; exiting');
  process.exit(1);
}

/** Writes what may be logged of an error to standard error. */
export function reportFatal(thrown: unknown, msg: string): void {
  const line = { level: FATAL, time: Date.now(), error: describeError(thrown), msg };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
