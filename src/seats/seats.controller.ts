import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
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
  Expensive,
} from '../platform/http/index.js';
import type { Replayable } from '../platform/idempotency/index.js';
import { bookingPath, REFUSALS_OF_A_SEAT } from '../bookings/index.js';
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
  @Expensive()
  @ApiResult(SeatsPage, {
    id: 'listSeats',
    summary: 'Seats of an event, row by row',
  })
  @ApiRefusals('event_not_found', 'section_not_found')
  list(
    @IdParam('id', 'event_not_found') eventId: string,
    @ValidQuery() query: ListSeatsRequest,
    @CallerParam() caller: Caller,
  ): Promise<Page<SeatResponse>> {
    return this.seats.list(eventId, query, caller);
  }

  @Post('seats/:id/reserve')
  @NeedsKey('bookings:write')
  @ApiResult(ReserveSeatResponse, {
    id: 'reserveSeat',
    summary: 'Book one seat',
    headers: ['Location'],
  })
  @ApiRefusals(...REFUSALS_OF_A_SEAT)
  async reserve(
    @IdParam('id', 'seat_not_found') seatId: string,
    @ValidBody() body: SeatPersonRequest,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<ReserveSeatResponse>> {
    const reserved = await this.seats.reserve(seatId, body, context);
    return reserved.with({ Location: bookingPath(reserved.body.bookingId) });
  }

  @Post('seats/:id/release')
  @NeedsKey('bookings:write')
  @HttpCode(200)
  @ApiResult(ReleaseSeatResponse, {
    id: 'releaseSeat',
    summary: "Cancel the customer's ticket for a seat",
  })
  @ApiRefusals('seat_not_found', 'ticket_not_found', 'too_many_attempts')
  release(
    @IdParam('id', 'seat_not_found') seatId: string,
    @ValidBody() body: SeatPersonRequest,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<ReleaseSeatResponse>> {
    return this.seats.release(seatId, body, context);
  }
}
