import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from './request-log.js';
import { PROBLEM_JSON, type Problem, toProblemDetails } from './problem-details.js';

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  if (reply.sent) return;
  request.problemCode = problem.code;
  const path = pathOf(request);
  if (problem.retryAfterSeconds !== undefined) {
    void reply.header('Retry-After', String(problem.retryAfterSeconds));
  }
  // RFC 9110: who is refused for want of a key is told which kind.
  if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer');
  if (problem.isReplay) void reply.header('Idempotency-Replayed', 'true');
  void reply
    .status(problem.status)
    .header('Content-Type', PROBLEM_JSON)
    // Also where no hook ran before: an address that cannot be decoded.
    .header('X-Request-Id', request.id)
    .send(JSON.stringify(toProblemDetails(problem, { path, id: request.id })));
}
