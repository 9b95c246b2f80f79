import { Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  answerWith,
  Idempotency,
  type IdempotencyClaim,
  IdParam,
  linkingNext,
  type Page,
  ValidQuery,
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
  list(
    @ValidQuery() query: ListEntriesRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<EntryResponse>> {
    return this.waitlist.list(query).then(linkingNext(request, reply));
  }

  @Get(':id')
  get(@IdParam('id', entryNotFound) id: string): Promise<EntryResponse> {
    return this.waitlist.get(id);
  }

  @Delete(':id')
  @HttpCode(204)
  leave(
    @IdParam('id', entryNotFound) id: string,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.waitlist.leave(id, claim).then(answerWith(reply));
  }

  @Post(':id/accept')
  accept(
    @IdParam('id', entryNotFound) id: string,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AcceptOfferResponse> {
    return this.waitlist
      .accept(id, claim)
      .then(answerWith(reply))
      .then(locatedAt(reply, ({ booking }) => bookingPath(booking.id)));
  }

  @Post(':id/decline')
  @HttpCode(200)
  decline(
    @IdParam('id', entryNotFound) id: string,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DeclineOfferResponse> {
    return this.waitlist.decline(id, claim).then(answerWith(reply));
  }
}
