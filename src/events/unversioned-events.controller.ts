import { Controller, Get, Header, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiResult, ApiRefusals } from '../platform/schema/index.js';
import {
  answerWith,
  ReqContext,
  type RequestContext,
  ValidBody,
  NeedsKey,
  Public,
} from '../platform/http/index.js';
import { EventsQueries } from './events.queries.js';
import { CreateEventService } from './create-event.service.js';
import { EventResponse, EventStatusResponse } from './dto/event.dto.js';
import { OpenRequest } from './dto/create-event.dto.js';

/** The verbs without a version in their address: these stay as they are. */
@Controller()
export class UnversionedEventsController {
  constructor(
    private readonly opening: CreateEventService,
    private readonly queries: EventsQueries,
  ) {}

  @Post('initialize')
  @NeedsKey('events:write')
  @ApiResult(EventResponse, {
    id: 'initialize',
    summary: 'Open an event',
  })
  initialize(
    @ValidBody() body: OpenRequest,
    @ReqContext() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    return this.opening.open(body, context).then(answerWith(reply));
  }

  /** What is no UUID names no event either: 404, like any id that nobody has. */
  @Get('status/:eventId')
  @Public()
  @Header('Content-Type', 'application/json; charset=utf-8')
  @ApiResult(EventStatusResponse, {
    id: 'status',
    summary: 'How many places are free',
  })
  @ApiRefusals('event_not_found')
  status(@Param('eventId') eventId: string): Promise<string> {
    return this.queries.getStatus(eventId.toLowerCase());
  }
}
