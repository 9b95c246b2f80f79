import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiResult, ApiNoContent, ApiRefusals } from '../platform/schema/index.js';
import {
  ReqContext,
  type RequestContext,
  type Caller,
  CallerParam,
  IdParam,
  type Page,
  ValidBody,
  ValidQuery,
  NeedsKey,
  WaitsUnread,
  Expensive,
} from '../platform/http/index.js';
import type { Replayable } from '../platform/idempotency/index.js';
import {
  BookingResponse,
  BookingsPage,
  CancelBookingRequest,
  CancelBookingResponse,
  ListBookingsRequest,
} from './bookings.dto.js';
import { BookingsService } from './bookings.service.js';
import { REFUSALS_OF_BOOKING, REFUSALS_OF_CANCELLING_A_BOOKING } from './documented-refusals.js';
import { ListBookingsService } from './list-bookings.service.js';
import { bookingPath } from './outcomes.mappers.js';
import { BookRequest, CreateBookingResponse } from './unversioned-bookings.dto.js';

@Controller('v1/bookings')
export class BookingsController {
  constructor(
    private readonly bookings: BookingsService,
    private readonly lists: ListBookingsService,
  ) {}

  @Post()
  @WaitsUnread()
  @NeedsKey('bookings:write')
  @ApiResult(CreateBookingResponse, {
    id: 'createBooking',
    summary: 'Book places, or join the waitlist',
    description:
      'Like `/book`, and also returns the booking. `Location` only if places were booked.',
    headers: ['Location'],
  })
  @ApiRefusals(...REFUSALS_OF_BOOKING)
  async create(
    @ValidBody() body: BookRequest,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<CreateBookingResponse>> {
    const result = await this.bookings.create(body, context);
    const { body: made } = result;
    return made.waitlisted ? result : result.with({ Location: bookingPath(made.bookingId) });
  }

  @Get()
  @NeedsKey('bookings:read')
  @Expensive()
  @ApiResult(BookingsPage, {
    id: 'listBookings',
    summary: 'Bookings of an event or a customer, newest first',
  })
  list(
    @ValidQuery() query: ListBookingsRequest,
    @CallerParam() caller: Caller,
  ): Promise<Page<BookingResponse>> {
    return this.lists.list(query, caller);
  }

  @Get(':id')
  @NeedsKey('bookings:read')
  @Expensive()
  @ApiResult(BookingResponse, {
    id: 'getBooking',
    summary: 'A booking with all its tickets',
  })
  @ApiRefusals('booking_not_found')
  get(
    @IdParam('id', 'booking_not_found') id: string,
    @CallerParam() caller: Caller,
  ): Promise<BookingResponse> {
    return this.bookings.get(id, caller);
  }

  @Post(':id/cancel')
  @NeedsKey('bookings:write')
  @HttpCode(200)
  @ApiResult(CancelBookingResponse, {
    id: 'cancelBooking',
    summary: 'Cancel a booking or some of its tickets',
  })
  @ApiRefusals(...REFUSALS_OF_CANCELLING_A_BOOKING)
  cancel(
    @IdParam('id', 'booking_not_found') id: string,
    @ValidBody() body: CancelBookingRequest,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<CancelBookingResponse>> {
    return this.bookings.cancel(id, body, context);
  }

  @Delete(':id')
  @NeedsKey('bookings:write')
  @HttpCode(204)
  @ApiNoContent({
    id: 'deleteBooking',
    summary: 'Cancel a booking',
  })
  @ApiRefusals('booking_not_found')
  delete(
    @IdParam('id', 'booking_not_found') id: string,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<undefined>> {
    return this.bookings.delete(id, context);
  }
}
