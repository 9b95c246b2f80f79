import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiResult, ApiNoContent, ApiRefusals } from '../platform/schema/index.js';
import {
  answerWith,
  ReqContext,
  type RequestContext,
  type Caller,
  CallerParam,
  IdParam,
  linkingNext,
  type Page,
  ValidQuery,
  NeedsKey,
} from '../platform/http/index.js';
import { BookingMadeResponse, bookingPath, locatedAt } from '../bookings/index.js';
import { entryNotFound } from '../allocation/index.js';
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
  @ApiResult(EntriesPage, {
    id: 'listWaitlist',
    summary: 'Open entries of an event in the order of its lines, or those of one person',
  })
  @ApiRefusals('event_not_found', 'section_not_found')
  list(
    @ValidQuery() query: ListEntriesRequest,
    @CallerParam() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<EntryResponse>> {
    return this.waitlist.list(query, caller).then(linkingNext(request, reply));
  }

  @Get(':id')
  @NeedsKey('waitlist:read')
  @ApiResult(EntryResponse, {
    id: 'getWaitlistEntry',
    summary: 'An entry of the line, also when it has ended',
  })
  @ApiRefusals('entry_not_found')
  get(
    @IdParam('id', entryNotFound) id: string,
    @CallerParam() caller: Caller,
  ): Promise<EntryResponse> {
    return this.waitlist.get(id, caller);
  }

  @Delete(':id')
  @NeedsKey('bookings:write')
  @HttpCode(204)
  @ApiNoContent({
    id: 'leaveWaitlist',
    summary: 'Leave the line, or turn down what it offers',
  })
  @ApiRefusals('entry_not_found')
  leave(
    @IdParam('id', entryNotFound) id: string,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.waitlist.leave(id, context).then(answerWith(reply));
  }

  @Post(':id/accept')
  @NeedsKey('bookings:write')
  @ApiResult(BookingMadeResponse, {
    id: 'acceptOffer',
    summary: 'Book what the line offers',
    headers: ['Location'],
  })
  @ApiRefusals('entry_not_found', 'not_offered', 'offer_expired', 'event_not_on_sale')
  accept(
    @IdParam('id', entryNotFound) id: string,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BookingMadeResponse> {
    return this.waitlist
      .accept(id, context)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ booking }) => bookingPath(booking.id)));
  }

  @Post(':id/decline')
  @NeedsKey('bookings:write')
  @HttpCode(200)
  @ApiResult(DeclineOfferResponse, {
    id: 'declineOffer',
    summary: 'Turn down what the line offers',
  })
  @ApiRefusals('entry_not_found', 'not_offered', 'offer_expired')
  decline(
    @IdParam('id', entryNotFound) id: string,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeclineOfferResponse> {
    return this.waitlist.decline(id, context).then(answerWith(reply));
  }
}
