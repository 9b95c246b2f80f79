import { Injectable } from '@nestjs/common';
import type { Replayable } from '../platform/idempotency/index.js';
import type { RequestContext } from '../platform/http/index.js';
import { type ChangedEvent, EventChange, NOTHING_ELSE } from './event-change.js';
import { RequestCompletion } from './request-completion.js';

/** Cancels events: closes their sections at once, then ends all that they have, step by step. */
@Injectable()
export class CancelEventService {
  constructor(
    private readonly changes: EventChange,
    private readonly completion: RequestCompletion,
  ) {}

  /**
   * From its first transaction on, nobody gets a place of the event. For some seconds it then ends
   * bookings, holds and waitlist entries; the worker does the rest.
   */
  async cancel(id: string, context: RequestContext): Promise<Replayable<ChangedEvent>> {
    const changed = await this.changes.make({
      id,
      context,
      decide: ({ event, sections }, { now }) => {
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
    return this.completion.complete(changed, { work: 'voidRemaining', context });
  }
}
