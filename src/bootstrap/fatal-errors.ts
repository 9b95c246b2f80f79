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
  const msg = 'Unhandled error; exiting';
  const line = { level: FATAL, time: Date.now(), error: describeError(thrown), msg };
  process.stderr.write(`${JSON.stringify(line)}\n`);
  process.exit(1);
}
