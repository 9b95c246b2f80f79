import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import { uuidV7 } from '../common/index.js';
import type { RequestLogger } from '../logging/index.js';
import { PROBLEM_JSON, toProblem, toProblemDetails } from './problem-details.js';
import type { RequestTimes } from './request-times.js';

/** What stands for the method and the route of a request that could not be read. */
const UNKNOWN = 'unknown';

const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What came of a request that no handler and no hook sees. */
interface Refusal {
  readonly requestId: string;
  readonly status: number;
  readonly code: string;
}

declare module 'fastify' {
  interface FastifyInstance {
    noteBrokenHttp(refusal: Refusal): void;
  }
}

/**
 * What is not even HTTP, or does not arrive, gets a problem document too, written to the socket itself.
 *
 * @returns undefined if there is nobody left to tell
 */
export function refuseBrokenHttp(error: ConnectionError, socket: Socket): Refusal | undefined {
  if (error.code === 'ECONNRESET' || !socket.writable) return undefined;
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

/** One line in the log, and one more in the metrics, as for every other request. */
export const noteBrokenHttp =
  (log: RequestLogger, times: RequestTimes) =>
  ({ requestId, status, code }: Refusal): void => {
    times.observe({ method: UNKNOWN, route: UNKNOWN, status }, 0);
    log.info({ requestId, method: UNKNOWN, route: UNKNOWN, status, code }, 'request');
  };
