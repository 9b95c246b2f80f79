import { Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  answerWith,
  Asked,
  type Asking,
  type Caller,
  CallerParam,
  IdParam,
  ValidBody,
  NeedsKey,
} from '../../platform/index.js';
import { type ConfirmHoldResponse, HoldRequest, type HoldResponse } from './holds.dto.js';
import { HoldsService } from './holds.service.js';
import { bookingPath, locatedAt } from './located.js';
import { holdNotFound } from './refusal-error.js';

@Controller('v1/holds')
export class HoldsController {
  constructor(private readonly holds: HoldsService) {}

  @Post()
  @NeedsKey('bookings:write')
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
  get(
    @IdParam('id', holdNotFound) id: string,
    @CallerParam() caller: Caller,
  ): Promise<HoldResponse> {
    return this.holds.get(id, caller);
  }

  @Post(':id/confirm')
  @NeedsKey('bookings:write')
  confirm(
    @IdParam('id', holdNotFound) id: string,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConfirmHoldResponse> {
    return this.holds
      .confirm(id, asking)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ booking }) => bookingPath(booking.id)));
  }

  @Delete(':id')
  @NeedsKey('bookings:write')
  @HttpCode(204)
  release(
    @IdParam('id', holdNotFound) id: string,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.holds.release(id, asking).then(answerWith(reply));
  }
}
