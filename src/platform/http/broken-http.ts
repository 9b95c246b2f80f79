import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import { uuidV7 } from '../common/index.js';
import type { RequestLogger } from '../logging/index.js';
import { responseInProgress } from './drain.js';
import { PROBLEM_JSON, toProblem, toProblemDetails } from './problem-details.js';
import type { RequestTimes } from './request-times.js';

/** The method and the route of a request that could not be read. */
const UNKNOWN = 'unknown';

const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** The response to a request that reaches no handler and no hook. */
interface BrokenHttpRefusal {
  readonly requestId: string;
  readonly status: number;
  readonly code: string;
}

declare module 'fastify' {
  interface FastifyInstance {
    recordBrokenHttp(refusal: BrokenHttpRefusal): void;
  }
}

/**
 * Sends a problem document for input that is not HTTP or did not arrive in time, straight to the socket.
 *
 * @returns undefined if the client gets none: it has disconnected, or is about to get the response to a
 *   request before this input
 */
export function refuseBrokenHttp(
  error: ConnectionError,
  socket: Socket,
): BrokenHttpRefusal | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable) return undefined;
  const earlier = responseInProgress(socket);
  if (earlier?.req.complete === true) {
    // The client would take the refusal for this response.
    earlier.once('finish', () => socket.end());
    return undefined;
  }
  const status = STATUS[error.code] ?? 400;
  const requestId = uuidV7();
  const problem = toProblem(Object.assign(new Error(error.code), { statusCode: status }));
  const body = JSON.stringify(toProblemDetails(problem, { path: '', id: requestId }));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${PROBLEM_JSON}\r\n` +
      `X-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
  return { requestId, status, code: problem.code };
}

/** Logs and counts the request like any other. */
export const recordBrokenHttp =
  (log: RequestLogger, times: RequestTimes) =>
  ({ requestId, status, code }: BrokenHttpRefusal): void => {
    times.observe({ method: UNKNOWN, route: UNKNOWN, status }, 0);
    log.info({ requestId, method: UNKNOWN, route: UNKNOWN, status, code }, 'request');
  };
