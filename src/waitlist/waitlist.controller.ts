import { Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiResult, ApiNoContent, ApiRefusals } from '../platform/schema/index.js';
import {
  ReqContext,
  type RequestContext,
  type Caller,
  CallerParam,
  IdParam,
  type Page,
  ValidQuery,
  NeedsKey,
  Expensive,
} from '../platform/http/index.js';
import type { Replayable } from '../platform/idempotency/index.js';
import { BookingMadeResponse, bookingPath } from '../bookings/index.js';
import {
  DeclineOfferResponse,
  EntriesPage,
  EntryResponse,
  ListEntriesRequest,
} from './waitlist.dto.js';
import { WaitlistService } from './waitlist.service.js';

@Controller('v1/waitlist')
export class WaitlistController {
  constructor(private readonly waitlist: WaitlistService) {}

  @Get()
  @NeedsKey('waitlist:read')
  @Expensive()
  @ApiResult(EntriesPage, {
    id: 'listWaitlist',
    summary: 'Open entries of an event',
    description: 'In waitlist order; those of one customer newest first.',
  })
  @ApiRefusals('event_not_found', 'section_not_found')
  list(
    @ValidQuery() query: ListEntriesRequest,
    @CallerParam() caller: Caller,
  ): Promise<Page<EntryResponse>> {
    return this.waitlist.list(query, caller);
  }

  @Get(':id')
  @NeedsKey('waitlist:read')
  @Expensive()
  @ApiResult(EntryResponse, {
    id: 'getWaitlistEntry',
    summary: 'A waitlist entry',
  })
  @ApiRefusals('entry_not_found')
  get(
    @IdParam('id', 'entry_not_found') id: string,
    @CallerParam() caller: Caller,
  ): Promise<EntryResponse> {
    return this.waitlist.get(id, caller);
  }

  @Delete(':id')
  @NeedsKey('bookings:write')
  @HttpCode(204)
  @ApiNoContent({
    id: 'leaveWaitlist',
    summary: 'Leave the waitlist, or decline the offer',
  })
  @ApiRefusals('entry_not_found')
  leave(
    @IdParam('id', 'entry_not_found') id: string,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<undefined>> {
    return this.waitlist.leave(id, context);
  }

  @Post(':id/accept')
  @NeedsKey('bookings:write')
  @ApiResult(BookingMadeResponse, {
    id: 'acceptOffer',
    summary: 'Accept the offer',
    headers: ['Location'],
  })
  @ApiRefusals('entry_not_found', 'not_offered', 'offer_expired', 'event_not_on_sale')
  async accept(
    @IdParam('id', 'entry_not_found') id: string,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<BookingMadeResponse>> {
    const booked = await this.waitlist.accept(id, context);
    return booked.with({ Location: bookingPath(booked.body.booking.id) });
  }

  @Post(':id/decline')
  @NeedsKey('bookings:write')
  @HttpCode(200)
  @ApiResult(DeclineOfferResponse, {
    id: 'declineOffer',
    summary: 'Decline the offer',
  })
  @ApiRefusals('entry_not_found', 'not_offered', 'offer_expired')
  decline(
    @IdParam('id', 'entry_not_found') id: string,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<DeclineOfferResponse>> {
    return this.waitlist.decline(id, context);
  }
}
