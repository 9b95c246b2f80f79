import type { ServerResponse } from 'node:http';
import type { RequestLogger } from '../logging/index.js';
import { overloaded } from '../errors/index.js';
import { PROBLEM_JSON, toProblem, toProblemDetails } from './problem-details.js';
import type { RequestTimes } from './request-times.js';
import { SECURITY_HEADERS } from './security-headers.js';

const LOG_EVERY_MS = 1_000;

const CONSTANT_HEADERS: readonly string[] = Object.entries({
  ...SECURITY_HEADERS,
  'cache-control': 'no-store',
  'content-type': PROBLEM_JSON,
}).flat();

interface EarlyRefusal {
  readonly route: string;
  readonly requestId: string;
  readonly retryAfterSeconds: number;
  readonly seconds: number;
}

/** Answers requests that have not been parsed, at a small part of the cost of a booking. */
export class EarlyRefusals {
  /** Refused since the last line of the log. */
  private unlogged = 0;
  private readonly bodies = new Map<string, readonly [string, string]>();

  constructor(
    private readonly log: RequestLogger,
    private readonly times: RequestTimes,
  ) {}

  send(
    response: ServerResponse,
    { route, requestId, retryAfterSeconds, seconds }: EarlyRefusal,
  ): void {
    const [before, after] = this.bodyOf(route);
    // A request id is ASCII, and so are the texts.
    const body = before + requestId + after;
    const length = String(body.length);
    const own = ['x-request-id', requestId, 'retry-after', String(retryAfterSeconds)];
    response.writeHead(503, CONSTANT_HEADERS.concat(own, 'content-length', length));
    response.end(body, 'latin1');
    this.times.observe({ method: 'POST', route, status: 503 }, seconds);
    this.note();
  }

  /** A line for each of thousands would cost more than the refusals. */
  private note(): void {
    this.unlogged += 1;
    if (this.unlogged === 1) setTimeout(() => this.write(), LOG_EVERY_MS).unref();
  }

  private write(): void {
    this.log.warn({ code: 'overloaded', refused: this.unlogged }, 'Requests were refused unread');
    this.unlogged = 0;
  }

  /** What comes before and after the request id. */
  private bodyOf(route: string): readonly [string, string] {
    const known = this.bodies.get(route);
    if (known !== undefined) return known;
    const mark = '\0';
    const text = JSON.stringify(
      toProblemDetails(toProblem(overloaded()), { path: route, id: mark }),
    );
    const [before, after] = text.split(JSON.stringify(mark).slice(1, -1)) as [string, string];
    this.bodies.set(route, [before, after]);
    return [before, after];
  }
}
