import { describeError } from '../platform/logging/index.js';

const FATAL = 60;

/**
 * Whatever was thrown and nobody caught ends the process, as it does without this. But Node would print
 * all that the error holds, and one of the database holds its statement with every value in it.
 */
export function exitOnFatalErrors(): void {
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

function end(thrown: unknown): never {
  const msg = 'Rowlock ends: something went wrong that nobody has seen to';
  const line = { level: FATAL, time: Date.now(), error: describeError(thrown), msg };
  process.stderr.write(`${JSON.stringify(line)}\n`);
  process.exit(1);
}
