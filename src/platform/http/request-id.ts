import type { IncomingMessage } from 'node:http';
import { uuidV7 } from '../common/index.js';

/** Safe in a log line and in a header. */
const SAFE_REQUEST_ID = /^[\w.:-]{1,64}$/;

/** The client's `X-Request-Id` if it is safe, or else a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : uuidV7();
}
