import { Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Answers, AnswersNothing, Refuses } from '../platform/schema/index.js';
import {
  answerWith,
  Asked,
  type Asking,
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
  @Answers(HoldResponse, {
    id: 'createHold',
    summary: 'Keep places for a while',
    headers: ['Location'],
  })
  @Refuses(...REFUSALS_OF_HOLDING)
  hold(
    @ValidBody() body: HoldRequest,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HoldResponse> {
    return this.holds
      .hold(body, asking)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ id }) => `/v1/holds/${id}`));
  }

  @Get(':id')
  @NeedsKey('bookings:read')
  @Answers(HoldResponse, {
    id: 'getHold',
    summary: 'A hold',
  })
  @Refuses('hold_not_found')
  get(
    @IdParam('id', holdNotFound) id: string,
    @CallerParam() caller: Caller,
  ): Promise<HoldResponse> {
    return this.holds.get(id, caller);
  }

  @Post(':id/confirm')
  @NeedsKey('bookings:write')
  @Answers(BookingMadeResponse, {
    id: 'confirmHold',
    summary: 'Book what is held',
    headers: ['Location'],
  })
  @Refuses('hold_not_found', 'hold_expired', 'hold_released', 'hold_confirmed', 'event_not_on_sale')
  confirm(
    @IdParam('id', holdNotFound) id: string,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookingMadeResponse> {
    return this.holds
      .confirm(id, asking)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ booking }) => bookingPath(booking.id)));
  }

  @Delete(':id')
  @NeedsKey('bookings:write')
  @HttpCode(204)
  @AnswersNothing({
    id: 'releaseHold',
    summary: 'Give back what is held',
  })
  @Refuses('hold_not_found', 'hold_confirmed')
  release(
    @IdParam('id', holdNotFound) id: string,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.holds.release(id, asking).then(answerWith(reply));
  }
}
