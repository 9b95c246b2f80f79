import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Problem, toProblemDetails } from './problem-details.js';

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  if (reply.sent) return;
  const path = request.url.split('?', 1)[0]!;
  if (problem.retryAfterSeconds !== undefined) {
    void reply.header('Retry-After', String(problem.retryAfterSeconds));
  }
  void reply
    .status(problem.status)
    .header('Content-Type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify(toProblemDetails(problem, { path, id: request.id })));
}
