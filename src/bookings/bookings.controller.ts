import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers, AnswersNothing, Refuses } from '../platform/schema/index.js';
import {
  answerWith,
  Asked,
  type Asking,
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
  @Answers(CreateBookingResponse, {
    id: 'createBooking',
    summary: 'Book places, or join the line',
    description:
      'As `/book`, and says what the booking is. `Location` is where it is; who waits has none.',
    headers: ['Location'],
  })
  @Refuses(...REFUSALS_OF_BOOKING)
  book(
    @ValidBody() body: BookRequest,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreateBookingResponse> {
    return this.bookings
      .book(body, asking)
      .then(answerWith(reply))
      .then(
        locatedAt(reply, (made) => (made.waitlisted ? undefined : bookingPath(made.bookingId))),
      );
  }

  @Get()
  @NeedsKey('bookings:read')
  @Answers(BookingsPage, {
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
  @Answers(BookingResponse, {
    id: 'getBooking',
    summary: 'A booking with all its tickets',
  })
  @Refuses('booking_not_found')
  get(
    @IdParam('id', bookingNotFound) id: string,
    @CallerParam() caller: Caller,
  ): Promise<BookingResponse> {
    return this.bookings.get(id, caller);
  }

  @Post(':id/cancel')
  @NeedsKey('bookings:write')
  @HttpCode(200)
  @Answers(CancelBookingResponse, {
    id: 'cancelBooking',
    summary: 'Cancel a booking or some of its tickets',
  })
  @Refuses(...REFUSALS_OF_CANCELLING_A_BOOKING)
  cancel(
    @IdParam('id', bookingNotFound) id: string,
    @ValidBody() body: CancelBookingRequest,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CancelBookingResponse> {
    return this.bookings.cancel(id, body, asking).then(answerWith(reply));
  }

  @Delete(':id')
  @NeedsKey('bookings:write')
  @HttpCode(204)
  @AnswersNothing({
    id: 'deleteBooking',
    summary: 'Cancel a booking',
  })
  @Refuses('booking_not_found')
  delete(
    @IdParam('id', bookingNotFound) id: string,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.bookings.delete(id, asking).then(answerWith(reply));
  }
}
