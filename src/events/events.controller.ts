import { Controller, Get, Header, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { answerWith, Idempotency, type IdempotencyClaim, ValidBody } from '../platform/index.js';
import { type EventResponse, InitializeRequest } from './dto.js';
import { EventsService } from './events.service.js';

@Controller()
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Post('initialize')
  initialize(
    @ValidBody() body: InitializeRequest,
    @Idempotency() claim: IdempotencyClaim | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<EventResponse> {
    return this.events.open(body, claim).then(answerWith(reply));
  }

  /** What is no UUID names no event either: 404, like any id that nobody has. */
  @Get('status/:eventId')
  @Header('Content-Type', 'application/json; charset=utf-8')
  status(@Param('eventId') eventId: string): Promise<string> {
    return this.events.getStatus(eventId.toLowerCase());
  }
}
