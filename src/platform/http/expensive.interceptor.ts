import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { finalize, from, mergeMap, type Observable } from 'rxjs';
import { callerOf } from './caller.js';
import { type ExpensiveRead, ExpensiveReads } from './expensive-reads.js';

/**
 * Runs the handler when its turn has come.
 *
 * @throws {DomainError} `rate_limited`, `overloaded`
 */
@Injectable()
export class ExpensiveInterceptor implements NestInterceptor {
  constructor(private readonly reads: ExpensiveReads) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const read = this.reads.enter(callerOf(request));
    leaveWithResponse(read, request, http.getResponse<FastifyReply>());
    return from(read.turn).pipe(
      mergeMap(() => next.handle()),
      finalize(() => read.finish()),
    );
  }
}

/** A response that waits behind another one on its connection does not notice when the connection is closed. */
function leaveWithResponse(
  read: ExpensiveRead,
  { raw: { socket } }: FastifyRequest,
  { raw: response }: FastifyReply,
): void {
  const leave = (): void => {
    socket.off('close', leave);
    read.leave();
  };
  response.once('close', leave);
  socket.once('close', leave);
}

/** The work of this route grows with the data, so few of its requests run at once. It needs an API key. */
export const Expensive = (): MethodDecorator => UseInterceptors(ExpensiveInterceptor);
