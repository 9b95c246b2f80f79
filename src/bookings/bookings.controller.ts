import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiResult, ApiNoContent, ApiRefusals } from '../platform/schema/index.js';
import {
  answerWith,
  ReqContext,
  type RequestContext,
  type Caller,
  CallerParam,
  IdParam,
  linkingNext,
  type Page,
  ValidBody,
  ValidQuery,
  NeedsKey,
} from '../platform/http/index.js';
import {
  BookingResponse,
  BookingsPage,
  CancelBookingRequest,
  CancelBookingResponse,
  ListBookingsRequest,
} from './bookings.dto.js';
import { BookingsService } from './bookings.service.js';
import { bookingPath, locatedAt } from './location-header.js';
import { bookingNotFound } from '../allocation/index.js';
import { REFUSALS_OF_BOOKING, REFUSALS_OF_CANCELLING_A_BOOKING } from './documented-refusals.js';
import { BookRequest, CreateBookingResponse } from './unversioned-bookings.dto.js';

@Controller('v1/bookings')
export class BookingsController {
  constructor(private readonly bookings: BookingsService) {}

  @Post()
  @NeedsKey('bookings:write')
  @ApiResult(CreateBookingResponse, {
    id: 'createBooking',
    summary: 'Book places, or join the line',
    description:
      'As `/book`, and says what the booking is. `Location` is where it is; who waits has none.',
    headers: ['Location'],
  })
  @ApiRefusals(...REFUSALS_OF_BOOKING)
  book(
    @ValidBody() body: BookRequest,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreateBookingResponse> {
    return this.bookings
      .book(body, context)
      .then(answerWith(reply))
      .then(
        locatedAt(reply, (made) => (made.waitlisted ? undefined : bookingPath(made.bookingId))),
      );
  }

  @Get()
  @NeedsKey('bookings:read')
  @ApiResult(BookingsPage, {
    id: 'listBookings',
    summary: 'Bookings of an event or a person, newest first',
  })
  list(
    @ValidQuery() query: ListBookingsRequest,
    @CallerParam() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<BookingResponse>> {
    return this.bookings.list(query, caller).then(linkingNext(request, reply));
  }

  @Get(':id')
  @NeedsKey('bookings:read')
  @ApiResult(BookingResponse, {
    id: 'getBooking',
    summary: 'A booking with all its tickets',
  })
  @ApiRefusals('booking_not_found')
  get(
    @IdParam('id', bookingNotFound) id: string,
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
    @IdParam('id', bookingNotFound) id: string,
    @ValidBody() body: CancelBookingRequest,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CancelBookingResponse> {
    return this.bookings.cancel(id, body, context).then(answerWith(reply));
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
    @IdParam('id', bookingNotFound) id: string,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.bookings.delete(id, context).then(answerWith(reply));
  }
}
