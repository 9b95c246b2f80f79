import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
import {
  answerWith,
  ReqContext,
  type RequestContext,
  NeedsKey,
  ValidBody,
} from '../platform/http/index.js';
import { UnversionedBookingsService } from './unversioned-bookings.service.js';
import { REFUSALS_OF_BOOKING, REFUSALS_OF_CANCELLING } from './documented-refusals.js';
import {
  BookRequest,
  BookResponse,
  CancelRequest,
  CancelResponse,
} from './unversioned-bookings.dto.js';

/** The verbs without a version in their address: these stay as they are. */
@Controller()
export class UnversionedBookingsController {
  constructor(private readonly verbs: UnversionedBookingsService) {}

  @Post('book')
  @NeedsKey('bookings:write')
  @ApiResult(BookResponse, {
    id: 'book',
    summary: 'Book places, or join the line',
  })
  @ApiRefusals(...REFUSALS_OF_BOOKING)
  book(
    @ValidBody() body: BookRequest,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookResponse> {
    return this.verbs.book(body, context).then(answerWith(reply));
  }

  @Post('cancel')
  @NeedsKey('bookings:write')
  @HttpCode(200)
  @ApiResult(CancelResponse, {
    id: 'cancel',
    summary: 'Cancel tickets, or leave the line',
    description:
      "Without further fields the person's newest ticket. Who holds none but waits leaves the line.",
  })
  @ApiRefusals(...REFUSALS_OF_CANCELLING)
  cancel(
    @ValidBody() body: CancelRequest,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CancelResponse> {
    return this.verbs.cancel(body, context).then(answerWith(reply));
  }
}
