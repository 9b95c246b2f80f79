import { Injectable } from '@nestjs/common';
import type { Answered } from '../platform/idempotency/index.js';
import type { Asking } from '../platform/http/index.js';
import { type Changed, EventChange, NOTHING_ELSE } from './event-change.js';
import { FinishingService } from './completion.service.js';

/** Calls events off: first nothing new is taken, then everything is ended, chunk by chunk. */
@Injectable()
export class CallingOffService {
  constructor(
    private readonly changes: EventChange,
    private readonly finishing: FinishingService,
  ) {}

  /**
   * From its first transaction on, nobody gets a place of the event any more. For some seconds it
   * goes on to end bookings, holds and entries; what it does not come to, the worker does.
   */
  async callOff(id: string, asking: Asking): Promise<Answered<Changed>> {
    const answer = await this.changes.make({
      id,
      asking,
      decide: ({ event, sections }, now) => {
        if (event.status === 'CANCELLED') return undefined;
        return {
          ...NOTHING_ELSE,
          type: 'event.cancelled',
          event: { ...event, status: 'CANCELLED', version: event.version + 1, updatedAt: now },
          commands: sections.map((section) => ({ kind: 'close', sectionId: section.id })),
          capacitiesWanted: sections.map((section) => ({ id: section.id, capacity: null })),
          isEnding: true,
        };
      },
    });
    return this.finishing.goOn(answer, { work: 'windUp', asking });
  }
}
