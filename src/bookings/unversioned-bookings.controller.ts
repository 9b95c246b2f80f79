import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers, Refuses } from '../platform/schema/index.js';
import { answerWith, Asked, type Asking, NeedsKey, ValidBody } from '../platform/http/index.js';
import { VerbsService } from './unversioned-bookings.service.js';
import { REFUSALS_OF_BOOKING, REFUSALS_OF_CANCELLING } from './documented-refusals.js';
import {
  BookRequest,
  BookResponse,
  CancelRequest,
  CancelResponse,
} from './unversioned-bookings.dto.js';

/** The verbs without a version in their address: these stay as they are. */
@Controller()
export class VerbsController {
  constructor(private readonly verbs: VerbsService) {}

  @Post('book')
  @NeedsKey('bookings:write')
  @Answers(BookResponse, {
    id: 'book',
    summary: 'Book places, or join the line',
  })
  @Refuses(...REFUSALS_OF_BOOKING)
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
  @Answers(CancelResponse, {
    id: 'cancel',
    summary: 'Cancel tickets, or leave the line',
    description:
      "Without further fields the person's newest ticket. Who holds none but waits leaves the line.",
  })
  @Refuses(...REFUSALS_OF_CANCELLING)
  cancel(
    @ValidBody() body: CancelRequest,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CancelResponse> {
    return this.verbs.cancel(body, asking).then(answerWith(reply));
  }
}
