import { Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiResult, ApiNoContent, ApiRefusals } from '../platform/schema/index.js';
import {
  answerWith,
  ReqContext,
  type RequestContext,
  type Caller,
  CallerParam,
  IdParam,
  ValidBody,
  NeedsKey,
} from '../platform/http/index.js';
import {
  BookingMadeResponse,
  bookingPath,
  locatedAt,
  REFUSALS_OF_HOLDING,
} from '../bookings/index.js';
import { HoldRequest, HoldResponse } from './holds.dto.js';
import { HoldsService } from './holds.service.js';
import { holdNotFound } from '../allocation/index.js';

@Controller('v1/holds')
export class HoldsController {
  constructor(private readonly holds: HoldsService) {}

  @Post()
  @NeedsKey('bookings:write')
  @ApiResult(HoldResponse, {
    id: 'createHold',
    summary: 'Keep places for a while',
    headers: ['Location'],
  })
  @ApiRefusals(...REFUSALS_OF_HOLDING)
  hold(
    @ValidBody() body: HoldRequest,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HoldResponse> {
    return this.holds
      .hold(body, context)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ id }) => `/v1/holds/${id}`));
  }

  @Get(':id')
  @NeedsKey('bookings:read')
  @ApiResult(HoldResponse, {
    id: 'getHold',
    summary: 'A hold',
  })
  @ApiRefusals('hold_not_found')
  get(
    @IdParam('id', holdNotFound) id: string,
    @CallerParam() caller: Caller,
  ): Promise<HoldResponse> {
    return this.holds.get(id, caller);
  }

  @Post(':id/confirm')
  @NeedsKey('bookings:write')
  @ApiResult(BookingMadeResponse, {
    id: 'confirmHold',
    summary: 'Book what is held',
    headers: ['Location'],
  })
  @ApiRefusals(
    'hold_not_found',
    'hold_expired',
    'hold_released',
    'hold_confirmed',
    'event_not_on_sale',
  )
  confirm(
    @IdParam('id', holdNotFound) id: string,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookingMadeResponse> {
    return this.holds
      .confirm(id, context)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ booking }) => bookingPath(booking.id)));
  }

  @Delete(':id')
  @NeedsKey('bookings:write')
  @HttpCode(204)
  @ApiNoContent({
    id: 'releaseHold',
    summary: 'Give back what is held',
  })
  @ApiRefusals('hold_not_found', 'hold_confirmed')
  release(
    @IdParam('id', holdNotFound) id: string,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.holds.release(id, context).then(answerWith(reply));
  }
}
