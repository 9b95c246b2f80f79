import { databaseErrorFacts } from '../database/index.js';

const CAUSES_MAX = 5;

export interface ErrorDescription {
  readonly type: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly errno?: number | undefined;
  readonly cause?: ErrorDescription;
}

/**
 * The loggable part of an error. Database errors contain the statement, its parameters and values of
 * rows ("Duplicate entry 'jane@…'"), so only their number and code are logged.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: 'not an Error', stack: undefined };
  }
  const facts = databaseErrorFacts(error);
  const cause =
    error.cause === undefined || depth >= CAUSES_MAX
      ? {}
      : { cause: describeError(error.cause, depth + 1) };
  return {
    type: error.name,
    message: facts === undefined ? error.message : (facts.code ?? 'database error'),
    stack: framesOf(error),
    ...(facts && { errno: facts.errno }),
    ...cause,
  };
}

/** The frames only: a stack begins with the message, and that may have lines that look like frames. */
const framesOf = (error: Error): string | undefined =>
  error.stack
    ?.replace(error.message, () => '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .join('\n');
