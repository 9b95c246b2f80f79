import { Controller, Get, Header, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  answerWith,
  Asked,
  type Asking,
  ValidBody,
  NeedsKey,
  Public,
} from '../../platform/index.js';
import { EventsQueries } from '../events.queries.js';
import { OpeningService } from '../opening.service.js';
import type { EventResponse } from './event-response.js';
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
  status(@Param('eventId') eventId: string): Promise<string> {
    return this.queries.getStatus(eventId.toLowerCase());
  }
}
