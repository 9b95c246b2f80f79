import { Controller, Get, Header, Headers, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
import {
  ReqContext,
  type RequestContext,
  type Caller,
  CallerParam,
  IdParam,
  type Page,
  ValidBody,
  ValidQuery,
  NeedsKey,
  Expensive,
  Public,
} from '../platform/http/index.js';
import { Replayable } from '../platform/idempotency/index.js';
import { CancelEventService } from './cancel-event.service.js';
import { etagOf } from './edit-event.js';
import { EditEventService } from './edit-event.service.js';
import type { ChangedEvent } from './event-change.js';
import { EventStatusQueries } from './event-status.queries.js';
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
    private readonly creating: CreateEventService,
    private readonly editing: EditEventService,
    private readonly cancelling: CancelEventService,
    private readonly queries: EventsQueries,
    private readonly statuses: EventStatusQueries,
  ) {}

  @Post()
  @NeedsKey('events:write')
  @ApiResult(EventResponse, {
    id: 'createEvent',
    summary: 'Create an event',
    headers: ['Location', 'ETag'],
  })
  async create(
    @ValidBody() body: OpenRequest,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<EventResponse>> {
    const created = await this.creating.create(body, context);
    const Location = `/v1/events/${created.body.id}`;
    return created.with({ Location, ETag: etagOf(FIRST_VERSION) });
  }

  @Get()
  @NeedsKey()
  @Expensive()
  @ApiResult(EventsPage, {
    id: 'listEvents',
    summary: 'Events, newest first',
    description: 'Earliest first with `startsFrom` or `startsTo`.',
  })
  list(
    @ValidQuery() query: ListQuery,
    @CallerParam() caller: Caller,
  ): Promise<Page<EventResponse>> {
    return this.queries.list(query, caller);
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
    @IdParam('id', 'event_not_found') id: string,
    @CallerParam() caller: Caller,
  ): Promise<Replayable<EventResponse>> {
    return withETag(new Replayable(await this.queries.get(id, caller), false));
  }

  @Get(':id/status')
  @Public()
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiResult(EventStatusResponse, {
    id: 'getEventStatus',
    summary: 'Counters of an event',
  })
  @ApiRefusals('event_not_found')
  status(@IdParam('id', 'event_not_found') id: string): Promise<string> {
    return this.statuses.getStatus(id);
  }

  @Patch(':id')
  @NeedsKey('events:write')
  @ApiResult(EventResponse, {
    id: 'editEvent',
    summary: 'Edit an event',
    description:
      'Fields that are left out keep their values. With `If-Match`, fails with 412 if the event was edited since.',
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
    @IdParam('id', 'event_not_found') id: string,
    @ValidBody() body: EditRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<EventResponse>> {
    return withETag(await this.editing.edit(body, { id, ifMatch, context }));
  }

  @Post(':id/publish')
  @NeedsKey('events:write')
  @HttpCode(200)
  @ApiResult(EventResponse, {
    id: 'publishEvent',
    summary: 'Publish an event',
    headers: ['ETag'],
  })
  @ApiRefusals('event_not_found', 'event_cancelled')
  async publish(
    @IdParam('id', 'event_not_found') id: string,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<EventResponse>> {
    return withETag(await this.editing.publish({ id, context }));
  }

  @Post(':id/cancel')
  @NeedsKey('events:write')
  @HttpCode(200)
  @ApiResult(EventResponse, {
    id: 'cancelEvent',
    summary: 'Cancel an event and end its bookings, holds and waitlist entries',
    headers: ['ETag'],
  })
  @ApiRefusals('event_not_found')
  async cancel(
    @IdParam('id', 'event_not_found') id: string,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<EventResponse>> {
    return withETag(await this.cancelling.cancel(id, context));
  }
}

/** The event, with the version that an edit may name in `If-Match` as its `ETag`. */
const withETag = (changed: Replayable<ChangedEvent>): Replayable<EventResponse> =>
  changed.map(({ event }) => event).with({ ETag: etagOf(changed.body.revision) });
