import { Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  answerWith,
  Idempotency,
  type IdempotencyClaim,
  IdParam,
  ValidBody,
} from '../../platform/index.js';
import { type ConfirmHoldResponse, HoldRequest, type HoldResponse } from './holds.dto.js';
import { HoldsService } from './holds.service.js';
import { bookingPath, locatedAt } from './located.js';
import { holdNotFound } from './refusal-error.js';

@Controller('v1/holds')
export class HoldsController {
  constructor(private readonly holds: HoldsService) {}

  @Post()
  hold(
    @ValidBody() body: HoldRequest,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HoldResponse> {
    return this.holds
      .hold(body, claim)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ id }) => `/v1/holds/${id}`));
  }

  @Get(':id')
  get(@IdParam('id', holdNotFound) id: string): Promise<HoldResponse> {
    return this.holds.get(id);
  }

  @Post(':id/confirm')
  confirm(
    @IdParam('id', holdNotFound) id: string,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConfirmHoldResponse> {
    return this.holds
      .confirm(id, claim)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ booking }) => bookingPath(booking.id)));
  }

  @Delete(':id')
  @HttpCode(204)
  release(
    @IdParam('id', holdNotFound) id: string,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.holds.release(id, claim).then(answerWith(reply));
  }
}
