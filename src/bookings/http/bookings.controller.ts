import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
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
} from '../../platform/index.js';
import {
  type BookingResponse,
  CancelBookingRequest,
  type CancelBookingResponse,
  ListBookingsRequest,
} from './bookings.dto.js';
import type { CreateBookingResponse } from './bookings.mappers.js';
import { BookingsService } from './bookings.service.js';
import { bookingPath, locatedAt } from './located.js';
import { bookingNotFound } from './refusal-error.js';
import { BookRequest } from './verbs.dto.js';

@Controller('v1/bookings')
export class BookingsController {
  constructor(private readonly bookings: BookingsService) {}

  @Post()
  @NeedsKey('bookings:write')
  book(
    @ValidBody() body: BookRequest,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreateBookingResponse> {
    return this.bookings
      .book(body, asking)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ booking }) => booking && bookingPath(booking.id)));
  }

  @Get()
  @NeedsKey('bookings:read')
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
  get(
    @IdParam('id', bookingNotFound) id: string,
    @CallerParam() caller: Caller,
  ): Promise<BookingResponse> {
    return this.bookings.get(id, caller);
  }

  @Post(':id/cancel')
  @NeedsKey('bookings:write')
  @HttpCode(200)
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
  delete(
    @IdParam('id', bookingNotFound) id: string,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.bookings.delete(id, asking).then(answerWith(reply));
  }
}
