import { Controller, Get, Header, Param, Post } from '@nestjs/common';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
import {
  ReqContext,
  type RequestContext,
  ValidBody,
  NeedsKey,
  Public,
} from '../platform/http/index.js';
import type { Replayable } from '../platform/idempotency/index.js';
import { EventStatusQueries } from './event-status.queries.js';
import { CreateEventService } from './create-event.service.js';
import { EventResponse, EventStatusResponse } from './dto/event.dto.js';
import { OpenRequest } from './dto/create-event.dto.js';

/** The endpoints without a version in their path: their contract never changes. */
@Controller()
export class UnversionedEventsController {
  constructor(
    private readonly creating: CreateEventService,
    private readonly statuses: EventStatusQueries,
  ) {}

  @Post('initialize')
  @NeedsKey('events:write')
  @ApiResult(EventResponse, {
    id: 'initialize',
    summary: 'Create an event',
  })
  initialize(
    @ValidBody() body: OpenRequest,
    @ReqContext() context: RequestContext,
  ): Promise<Replayable<EventResponse>> {
    return this.creating.create(body, context);
  }

  /** 404 for an id that is not a UUID, as for an unknown one. */
  @Get('status/:eventId')
  @Public()
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiResult(EventStatusResponse, {
    id: 'status',
    summary: 'Counters of an event',
  })
  @ApiRefusals('event_not_found')
  status(@Param('eventId') eventId: string): Promise<string> {
    return this.statuses.getStatus(eventId.toLowerCase());
  }
}
