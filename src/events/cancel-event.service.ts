import { Injectable } from '@nestjs/common';
import type { Replayable } from '../platform/idempotency/index.js';
import type { RequestContext } from '../platform/http/index.js';
import { type ChangedEvent, EventChange, NOTHING_ELSE } from './event-change.js';
import { CompletionService } from './completion.service.js';

/** Calls events off: first nothing new is taken, then everything is ended, chunk by chunk. */
@Injectable()
export class CancelEventService {
  constructor(
    private readonly changes: EventChange,
    private readonly finishing: CompletionService,
  ) {}

  /**
   * From its first transaction on, nobody gets a place of the event any more. For some seconds it
   * goes on to end bookings, holds and entries; what it does not come to, the worker does.
   */
  async cancel(id: string, context: RequestContext): Promise<Replayable<ChangedEvent>> {
    const answer = await this.changes.make({
      id,
      context,
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
    return this.finishing.goOn(answer, { work: 'voidRemaining', context });
  }
}
