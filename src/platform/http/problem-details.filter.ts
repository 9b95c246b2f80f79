import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { describeError } from '../logging/index.js';
import { PROBLEM_JSON, type Problem, toProblem, toProblemDetails } from './problem-details.js';
import { pathOf } from './request-log.js';

/**
 * Supervisors poll readiness every few seconds while an instance starts, drains or waits; and an overload
 * has no cause that a line for each of its thousands of requests could tell.
 */
const EXPLAINED_BY_ITS_CODE: ReadonlySet<string> = new Set(['not_ready', 'overloaded']);

/** Turns every error into a problem document, and logs what a client must not see. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  constructor(private readonly log: PinoLogger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const problem = toProblem(error);
    const facts = { requestId: request.id, code: problem.code, error: describeError(error) };
    if (problem.status === 500) this.log.error(facts, 'A request failed unexpectedly');
    else if (problem.status === 503 && !EXPLAINED_BY_ITS_CODE.has(problem.code))
      this.log.warn(facts, 'A request could not be served');
    sendProblem(request, http.getResponse<FastifyReply>(), problem);
  }
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  if (reply.sent) return;
  request.problemCode = problem.code;
  const path = pathOf(request);
  if (problem.retryAfterSeconds !== undefined) {
    void reply.header('Retry-After', String(problem.retryAfterSeconds));
  }
  // RFC 9110 requires this header with every 401.
  if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
  if (problem.isReplay) void reply.header('Idempotency-Replayed', 'true');
  void reply
    .status(problem.status)
    .header('Content-Type', PROBLEM_JSON)
    // No hook has set it if the URL could not be decoded.
    .header('X-Request-Id', request.id)
    .send(JSON.stringify(toProblemDetails(problem, { path, id: request.id })));
}
