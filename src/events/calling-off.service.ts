import { Injectable } from '@nestjs/common';
import type { Answered, IdempotencyClaim } from '../platform/index.js';
import { type Changed, EventChange, NOTHING_ELSE } from './event-change.js';
import { FinishingService } from './finishing.service.js';

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
  async callOff(id: string, claim: IdempotencyClaim | undefined): Promise<Answered<Changed>> {
    const answer = await this.changes.make({
      id,
      claim,
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
    return this.finishing.goOn(answer, { work: 'windUp', claim });
  }
}
