import { Controller, Get, Header, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  Answers,
  answerWith,
  Asked,
  type Asking,
  Refuses,
  ValidBody,
  NeedsKey,
  Public,
} from '../../platform/index.js';
import { EventsQueries } from '../events.queries.js';
import { OpeningService } from '../opening.service.js';
import { EventResponse, EventStatusResponse } from './event-response.js';
import { OpenRequest } from './open.dto.js';

/** The verbs without a version in their address: these stay as they are. */
@Controller()
export class EventVerbsController {
  constructor(
    private readonly opening: OpeningService,
    private readonly queries: EventsQueries,
  ) {}

  @Post('initialize')
  @NeedsKey('events:write')
  @Answers(EventResponse, {
    id: 'initialize',
    summary: 'Open an event',
  })
  initialize(
    @ValidBody() body: OpenRequest,
    @Asked() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    return this.opening.open(body, asking).then(answerWith(reply));
  }

  /** What is no UUID names no event either: 404, like any id that nobody has. */
  @Get('status/:eventId')
  @Public()
  @Header('Content-Type', 'application/json; charset=utf-8')
  @Answers(EventStatusResponse, {
    id: 'status',
    summary: 'How many places are free',
  })
  @Refuses('event_not_found')
  status(@Param('eventId') eventId: string): Promise<string> {
    return this.queries.getStatus(eventId.toLowerCase());
  }
}
