import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { answerWith, Idempotency, type IdempotencyClaim, ValidBody } from '../../platform/index.js';
import { BookingsService } from './verbs.service.js';
import { BookRequest, type BookResponse, CancelRequest, type CancelResponse } from './verbs.dto.js';

@Controller()
export class BookingsController {
  constructor(private readonly bookings: BookingsService) {}

  @Post('book')
  book(
    @ValidBody() body: BookRequest,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookResponse> {
    return this.bookings.book(body, claim).then(answerWith(reply));
  }

  @Post('cancel')
  @HttpCode(200)
  cancel(
    @ValidBody() body: CancelRequest,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CancelResponse> {
    return this.bookings.cancel(body, claim).then(answerWith(reply));
  }
}
