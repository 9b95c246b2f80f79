import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { describeError } from '../logging/index.js';
import { sendProblem } from './send-problem.js';
import { toProblem } from './problem-details.js';

/** Asked and answered every few seconds while an instance starts, drains or waits: not worth a line. */
const NOT_READY = 'not_ready';

/** Makes every error an answer in problem+json, and tells the log what a client must not see. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  constructor(private readonly log: PinoLogger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const problem = toProblem(error);
    const facts = { requestId: request.id, code: problem.code, error: describeError(error) };
    if (problem.status === 500) this.log.error(facts, 'A request failed unexpectedly');
    else if (problem.status === 503 && problem.code !== NOT_READY)
      this.log.warn(facts, 'A request could not be served');
    sendProblem(request, http.getResponse<FastifyReply>(), problem);
  }
}
