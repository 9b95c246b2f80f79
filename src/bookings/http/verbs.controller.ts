import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { answerWith, Asked, type Asking, ValidBody, NeedsKey } from '../../platform/index.js';
import { VerbsService } from './verbs.service.js';
import { BookRequest, type BookResponse, CancelRequest, type CancelResponse } from './verbs.dto.js';

/** The verbs without a version in their address: these stay as they are. */
@Controller()
export class VerbsController {
  constructor(private readonly verbs: VerbsService) {}

  @Post('book')
  @NeedsKey('bookings:write')
  book(
    @ValidBody() body: BookRequest,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookResponse> {
    return this.verbs.book(body, asking).then(answerWith(reply));
  }

  @Post('cancel')
  @NeedsKey('bookings:write')
  @HttpCode(200)
  cancel(
    @ValidBody() body: CancelRequest,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CancelResponse> {
    return this.verbs.cancel(body, asking).then(answerWith(reply));
  }
}
