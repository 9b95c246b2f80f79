import { Controller, Get, Header, Headers, HttpCode, Patch, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { eventNotFound } from '../allocation/index.js';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
import {
  answerWith,
  ReqContext,
  type RequestContext,
  type Caller,
  CallerParam,
  IdParam,
  linkingNext,
  type Page,
  ValidBody,
  ValidQuery,
  NeedsKey,
  Public,
} from '../platform/http/index.js';
import { CancelEventService } from './cancel-event.service.js';
import { etagOf } from './edit-event.js';
import { EditEventService } from './edit-event.service.js';
import type { ChangedEvent } from './event-change.js';
import { EventsQueries } from './events.queries.js';
import { FIRST_VERSION } from './create-event.js';
import { CreateEventService } from './create-event.service.js';
import { EditRequest } from './dto/edit-event.dto.js';
import { EventResponse, EventsPage, EventStatusResponse } from './dto/event.dto.js';
import { ListQuery } from './dto/list-events.dto.js';
import { OpenRequest } from './dto/create-event.dto.js';

@Controller('v1/events')
export class EventsController {
  constructor(
    private readonly opening: CreateEventService,
    private readonly editing: EditEventService,
    private readonly cancelling: CancelEventService,
    private readonly queries: EventsQueries,
  ) {}

  @Post()
  @NeedsKey('events:write')
  @ApiResult(EventResponse, {
    id: 'createEvent',
    summary: 'Open an event',
    headers: ['Location', 'ETag'],
  })
  async open(
    @ValidBody() body: OpenRequest,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    const event = answerWith(reply)(await this.opening.open(body, context));
    void reply.header('Location', `/v1/events/${event.id}`).header('ETag', etagOf(FIRST_VERSION));
    return event;
  }

  @Get()
  @NeedsKey()
  @ApiResult(EventsPage, {
    id: 'listEvents',
    summary: 'Events, newest first; with a bound on their start, earliest first',
  })
  async list(
    @ValidQuery() query: ListQuery,
    @CallerParam() caller: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Page<EventResponse>> {
    return linkingNext(request, reply)(await this.queries.list(query, caller));
  }

  @Get(':id')
  @NeedsKey()
  @ApiResult(EventResponse, {
    id: 'getEvent',
    summary: 'An event and all its settings',
    headers: ['ETag'],
  })
  @ApiRefusals('event_not_found')
  async get(
    @IdParam('id', eventNotFound) id: string,
    @CallerParam() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    return tagged(reply)(await this.queries.get(id, caller));
  }

  @Get(':id/status')
  @Public()
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiResult(EventStatusResponse, {
    id: 'getEventStatus',
    summary: 'How many places are free',
  })
  @ApiRefusals('event_not_found')
  async status(@IdParam('id', eventNotFound) id: string): Promise<string> {
    return this.queries.getStatus(id);
  }

  @Patch(':id')
  @NeedsKey('events:write')
  @ApiResult(EventResponse, {
    id: 'editEvent',
    summary: 'Change an event',
    description: 'What is left out stays. With `If-Match` it fails if somebody else was quicker.',
    headers: ['ETag'],
  })
  @ApiRefusals(
    'event_not_found',
    'section_not_found',
    'capacity_below_sold',
    'section_seated',
    'event_cancelled',
    'precondition_failed',
  )
  async edit(
    @IdParam('id', eventNotFound) id: string,
    @ValidBody() body: EditRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    const edit = { id, ifMatch, context };
    return tagged(reply)(answerWith(reply)(await this.editing.edit(body, edit)));
  }

  @Post(':id/publish')
  @NeedsKey('events:write')
  @HttpCode(200)
  @ApiResult(EventResponse, {
    id: 'publishEvent',
    summary: 'Begin to sell',
    headers: ['ETag'],
  })
  @ApiRefusals('event_not_found', 'event_cancelled')
  async publish(
    @IdParam('id', eventNotFound) id: string,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    return tagged(reply)(answerWith(reply)(await this.editing.publish({ id, context })));
  }

  @Post(':id/cancel')
  @NeedsKey('events:write')
  @HttpCode(200)
  @ApiResult(EventResponse, {
    id: 'cancelEvent',
    summary: 'Call an event off, and end all that was booked, held and waited for',
    headers: ['ETag'],
  })
  @ApiRefusals('event_not_found')
  async cancel(
    @IdParam('id', eventNotFound) id: string,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    return tagged(reply)(answerWith(reply)(await this.cancelling.cancel(id, context)));
  }
}

/** Says in a header which version of the event an edit may name in If-Match. */
const tagged =
  (reply: FastifyReply) =>
  ({ event, revision }: ChangedEvent): EventResponse => {
    void reply.header('ETag', etagOf(revision));
    return event;
  };
