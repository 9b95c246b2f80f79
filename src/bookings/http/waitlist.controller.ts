import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  answerWith,
  Asked,
  type Asking,
  type Caller,
  CallerParam,
  IdParam,
  linkingNext,
  type Page,
  ValidQuery,
  NeedsKey,
} from '../../platform/index.js';
import { bookingPath, locatedAt } from './located.js';
import { entryNotFound } from './refusal-error.js';
import {
  type AcceptOfferResponse,
  type DeclineOfferResponse,
  type EntryResponse,
  ListEntriesRequest,
} from './waitlist.dto.js';
import { WaitlistService } from './waitlist.service.js';

@Controller('v1/waitlist')
export class WaitlistController {
  constructor(private readonly waitlist: WaitlistService) {}

  @Get()
  @NeedsKey('waitlist:read')
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
  get(
    @IdParam('id', entryNotFound) id: string,
    @CallerParam() caller: Caller,
  ): Promise<EntryResponse> {
    return this.waitlist.get(id, caller);
  }

  @Delete(':id')
  @NeedsKey('bookings:write')
  @HttpCode(204)
  leave(
    @IdParam('id', entryNotFound) id: string,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.waitlist.leave(id, asking).then(answerWith(reply));
  }

  @Post(':id/accept')
  @NeedsKey('bookings:write')
  accept(
    @IdParam('id', entryNotFound) id: string,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AcceptOfferResponse> {
    return this.waitlist
      .accept(id, asking)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ booking }) => bookingPath(booking.id)));
  }

  @Post(':id/decline')
  @NeedsKey('bookings:write')
  @HttpCode(200)
  decline(
    @IdParam('id', entryNotFound) id: string,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeclineOfferResponse> {
    return this.waitlist.decline(id, asking).then(answerWith(reply));
  }
}
