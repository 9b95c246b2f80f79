import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { answerWith, Idempotency, type IdempotencyClaim, ValidBody } from '../../platform/index.js';
import { VerbsService } from './verbs.service.js';
import { BookRequest, type BookResponse, CancelRequest, type CancelResponse } from './verbs.dto.js';

/** The verbs without a version in their address: these stay as they are. */
@Controller()
export class VerbsController {
  constructor(private readonly verbs: VerbsService) {}

  @Post('book')
  book(
    @ValidBody() body: BookRequest,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookResponse> {
    return this.verbs.book(body, claim).then(answerWith(reply));
  }

  @Post('cancel')
  @HttpCode(200)
  cancel(
    @ValidBody() body: CancelRequest,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CancelResponse> {
    return this.verbs.cancel(body, claim).then(answerWith(reply));
  }
}
