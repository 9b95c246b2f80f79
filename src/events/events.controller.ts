import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { type EventResponse, type EventStatusResponse, InitializeRequest } from './dto.js';
import { EventsService } from './events.service.js';

@Controller()
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Post('initialize')
  initialize(@Body() body: InitializeRequest): Promise<EventResponse> {
    return this.events.open(body);
  }

  /** What is no UUID names no event either: 404, like any id that nobody has. */
  @Get('status/:eventId')
  status(@Param('eventId') eventId: string): Promise<EventStatusResponse> {
    return this.events.getStatus(eventId.toLowerCase());
  }
}
