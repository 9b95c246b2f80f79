import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiResult, ApiNoContent, ApiRefusals } from '../platform/schema/index.js';
import {
  ReqContext,
  type RequestContext,
  type Caller,
  CallerParam,
  IdParam,
  ValidBody,
  NeedsKey,
  WaitsUnread,
} from '../platform/http/index.js';
import type { Replayable } from '../platform/idempotency/index.js';
import { BookingMadeResponse, bookingPath, REFUSALS_OF_HOLDING } from '../bookings/index.js';
import { HoldRequest, HoldResponse } from './holds.dto.js';
import { HoldsService } from './holds.service.js';

@Controller('v1/holds')
export class HoldsController {
  constructor(private readonly holds: HoldsService) {}

  @Post()
  @WaitsUnread()
  @NeedsKey('bookings:write')
  @ApiResult(HoldResponse, {
    id: 'createHold',
    summary: 'Hold places',
    headers: ['Location'],
  })
  @ApiRefusals(...REFUSALS_OF_HOLDING)
  async create(
    @ValidBody() body: HoldRequest,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<HoldResponse>> {
    const held = await this.holds.create(body, context);
    return held.with({ Location: `/v1/holds/${held.body.id}` });
  }

  @Get(':id')
  @NeedsKey('bookings:read')
  @ApiResult(HoldResponse, {
    id: 'getHold',
    summary: 'A hold',
  })
  @ApiRefusals('hold_not_found')
  get(
    @IdParam('id', 'hold_not_found') id: string,
    @CallerParam() caller: Caller,
  ): Promise<HoldResponse> {
    return this.holds.get(id, caller);
  }

  @Post(':id/confirm')
  @NeedsKey('bookings:write')
  @ApiResult(BookingMadeResponse, {
    id: 'confirmHold',
    summary: 'Confirm a hold',
    headers: ['Location'],
  })
  @ApiRefusals(
    'hold_not_found',
    'hold_expired',
    'hold_released',
    'hold_confirmed',
    'event_not_on_sale',
  )
  async confirm(
    @IdParam('id', 'hold_not_found') id: string,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<BookingMadeResponse>> {
    const booked = await this.holds.confirm(id, context);
    return booked.with({ Location: bookingPath(booked.body.booking.id) });
  }

  @Delete(':id')
  @NeedsKey('bookings:write')
  @HttpCode(204)
  @ApiNoContent({
    id: 'releaseHold',
    summary: 'Release a hold',
  })
  @ApiRefusals('hold_not_found', 'hold_confirmed')
  release(
    @IdParam('id', 'hold_not_found') id: string,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<undefined>> {
    return this.holds.release(id, context);
  }
}
