import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  answerWith,
  Idempotency,
  type IdempotencyClaim,
  IdParam,
  linkingNext,
  type Page,
  ValidBody,
  ValidQuery,
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
  book(
    @ValidBody() body: BookRequest,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreateBookingResponse> {
    return this.bookings
      .book(body, claim)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ booking }) => booking && bookingPath(booking.id)));
  }

  @Get()
  list(
    @ValidQuery() query: ListBookingsRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<BookingResponse>> {
    return this.bookings.list(query).then(linkingNext(request, reply));
  }

  @Get(':id')
  get(@IdParam('id', bookingNotFound) id: string): Promise<BookingResponse> {
    return this.bookings.get(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  cancel(
    @IdParam('id', bookingNotFound) id: string,
    @ValidBody() body: CancelBookingRequest,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CancelBookingResponse> {
    return this.bookings.cancel(id, body, claim).then(answerWith(reply));
  }

  @Delete(':id')
  @HttpCode(204)
  delete(
    @IdParam('id', bookingNotFound) id: string,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.bookings.delete(id, claim).then(answerWith(reply));
  }
}
