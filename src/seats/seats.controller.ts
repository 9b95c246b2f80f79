import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
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
import { bookingPath, locatedAt, REFUSALS_OF_A_SEAT } from '../bookings/index.js';
import { eventNotFound, seatNotFound } from '../allocation/index.js';
import {
  ListSeatsRequest,
  ReleaseSeatResponse,
  ReserveSeatResponse,
  SeatPersonRequest,
  type SeatResponse,
  SeatsPage,
} from './seats.dto.js';
import { SeatsService } from './seats.service.js';

@Controller('v1')
export class SeatsController {
  constructor(private readonly seats: SeatsService) {}

  @Get('events/:id/seats')
  @NeedsKey()
  @ApiResult(SeatsPage, {
    id: 'listSeats',
    summary: 'Seats of an event, in the order of the house',
  })
  @ApiRefusals('event_not_found', 'section_not_found')
  list(
    @IdParam('id', eventNotFound) eventId: string,
    @ValidQuery() query: ListSeatsRequest,
    @CallerParam() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<SeatResponse>> {
    return this.seats.list(eventId, query, caller).then(linkingNext(request, reply));
  }

  @Post('seats/:id/reserve')
  @NeedsKey('bookings:write')
  @ApiResult(ReserveSeatResponse, {
    id: 'reserveSeat',
    summary: 'Book one seat',
    headers: ['Location'],
  })
  @ApiRefusals(...REFUSALS_OF_A_SEAT)
  reserve(
    @IdParam('id', seatNotFound) seatId: string,
    @ValidBody() body: SeatPersonRequest,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReserveSeatResponse> {
    return this.seats
      .reserve(seatId, body, context)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ bookingId }) => bookingPath(bookingId)));
  }

  @Post('seats/:id/release')
  @NeedsKey('bookings:write')
  @HttpCode(200)
  @ApiResult(ReleaseSeatResponse, {
    id: 'releaseSeat',
    summary: "Cancel the person's ticket of a seat",
  })
  @ApiRefusals('seat_not_found', 'ticket_not_found')
  release(
    @IdParam('id', seatNotFound) seatId: string,
    @ValidBody() body: SeatPersonRequest,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ReleaseSeatResponse> {
    return this.seats.release(seatId, body, context).then(answerWith(reply));
  }
}
