import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
import {
  ReqContext,
  type RequestContext,
  NeedsKey,
  ValidBody,
  WaitsUnread,
} from '../platform/http/index.js';
import type { Replayable } from '../platform/idempotency/index.js';
import { BookingsService } from './bookings.service.js';
import { REFUSALS_OF_BOOKING, REFUSALS_OF_CANCELLING } from './documented-refusals.js';
import {
  BookRequest,
  BookResponse,
  CancelRequest,
  CancelResponse,
} from './unversioned-bookings.dto.js';

/** The endpoints without a version in their path: their contract never changes. */
@Controller()
export class UnversionedBookingsController {
  constructor(private readonly bookings: BookingsService) {}

  @Post('book')
  @WaitsUnread()
  @NeedsKey('bookings:write')
  @ApiResult(BookResponse, {
    id: 'book',
    summary: 'Book places, or join the waitlist',
  })
  @ApiRefusals(...REFUSALS_OF_BOOKING)
  book(
    @ValidBody() body: BookRequest,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<BookResponse>> {
    return this.bookings.book(body, context);
  }

  @Post('cancel')
  @WaitsUnread()
  @NeedsKey('bookings:write')
  @HttpCode(200)
  @ApiResult(CancelResponse, {
    id: 'cancel',
    summary: 'Cancel tickets, or leave the waitlist',
    description:
      "Without further fields, cancels the customer's newest ticket. A customer with no tickets leaves the waitlist instead.",
  })
  @ApiRefusals(...REFUSALS_OF_CANCELLING)
  cancel(
    @ValidBody() body: CancelRequest,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<CancelResponse>> {
    return this.bookings.cancelOrLeave(body, context);
  }
}
