import { Controller, Get, Header, Headers, HttpCode, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { eventNotFound } from '../../bookings/index.js';
import {
  answerWith,
  Idempotency,
  type IdempotencyClaim,
  IdParam,
  linkingNext,
  type Page,
  ValidBody,
  ValidQuery,
} from '../../platform/index.js';
import { CallingOffService } from '../calling-off.service.js';
import { etagOf } from '../editing.js';
import { EditingService } from '../editing.service.js';
import type { Changed } from '../event-change.js';
import { EventsQueries } from '../events.queries.js';
import { FIRST_VERSION } from '../opening.js';
import { OpeningService } from '../opening.service.js';
import { EditRequest } from './edit.dto.js';
import type { EventResponse } from './event-response.js';
import { ListQuery } from './list.dto.js';
import { OpenRequest } from './open.dto.js';

type Claim = IdempotencyClaim | undefined;

@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly opening: OpeningService,
    private readonly editing: EditingService,
    private readonly callingOff: CallingOffService,
    private readonly queries: EventsQueries,
  ) {}

  @Post()
  async open(
    @ValidBody() body: OpenRequest,
    @Idempotency() claim: Claim,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    const event = answerWith(reply)(await this.opening.open(body, claim));
    void reply.header('Location', `/v1/events/${event.id}`).header('ETag', etagOf(FIRST_VERSION));
    return event;
  }

  @Get()
  async list(
    @ValidQuery() query: ListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<EventResponse>> {
    return linkingNext(request, reply)(await this.queries.list(query));
  }

  @Get(':id')
  async get(
    @IdParam('id', eventNotFound) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    return tagged(reply)(await this.queries.getChanged(id));
  }

  @Get(':id/status')
  @Header('Content-Type', 'application/json; charset=utf-8')
  async status(@IdParam('id', eventNotFound) id: string): Promise<string> {
    return this.queries.getStatus(id);
  }

  @Patch(':id')
  async edit(
    @IdParam('id', eventNotFound) id: string,
    @ValidBody() body: EditRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @Idempotency() claim: Claim,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    const edit = { id, ifMatch, claim };
    return tagged(reply)(answerWith(reply)(await this.editing.edit(body, edit)));
  }

  @Post(':id/publish')
  @HttpCode(200)
  async publish(
    @IdParam('id', eventNotFound) id: string,
    @Idempotency() claim: Claim,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    return tagged(reply)(answerWith(reply)(await this.editing.publish({ id, claim })));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async callOff(
    @IdParam('id', eventNotFound) id: string,
    @Idempotency() claim: Claim,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    return tagged(reply)(answerWith(reply)(await this.callingOff.callOff(id, claim)));
  }
}

/** Says in a header which version of the event an edit may name in If-Match. */
const tagged =
  (reply: FastifyReply) =>
  ({ event, revision }: Changed): EventResponse => {
    void reply.header('ETag', etagOf(revision));
    return event;
  };
