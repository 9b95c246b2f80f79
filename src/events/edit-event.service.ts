import { DomainError } from '../platform/errors/index.js';
import { Injectable } from '@nestjs/common';
import type { Replayable } from '../platform/idempotency/index.js';
import type { RequestContext } from '../platform/http/index.js';
import { capacitiesIn, editOf, requireMatch } from './edit-event.js';
import { type ChangedEvent, EventChange, NOTHING_ELSE } from './event-change.js';
import { RequestCompletion } from './request-completion.js';
import type { EditRequest } from './dto/edit-event.dto.js';

/** The request of an edit without its body. */
export interface Edit {
  readonly id: string;
  readonly ifMatch: string | undefined;
  readonly context: RequestContext;
}

/** Edits and publishes events. */
@Injectable()
export class EditEventService {
  constructor(
    private readonly changes: EventChange,
    private readonly completion: RequestCompletion,
  ) {}

  /**
   * Edits an event. Raised capacity goes to the waitlist at once; if very many people wait, this
   * continues for some seconds after the edit is committed, and the worker does the rest.
   *
   * @throws {DomainError} `event_not_found`, `precondition_failed`, `event_cancelled`,
   *   `section_not_found`, `invalid_request`, `capacity_below_sold`, `section_seated`
   */
  async edit(body: EditRequest, { id, ifMatch, context }: Edit): Promise<Replayable<ChangedEvent>> {
    const changed = await this.changes.make({
      id,
      context,
      decide: (current, moment) => {
        requireMatch(ifMatch, current.event.version);
        return isEmpty(body) ? undefined : editOf(body, current, moment);
      },
    });
    return isShort(changed.body, body)
      ? this.completion.complete(changed, { work: 'raise', context })
      : changed;
  }

  publish({ id, context }: Omit<Edit, 'ifMatch'>): Promise<Replayable<ChangedEvent>> {
    return this.changes.make({
      id,
      context,
      decide: ({ event, sections }, { now }) => {
        if (event.status === 'CANCELLED') throw new DomainError('event_cancelled');
        if (event.status === 'PUBLISHED') return undefined;
        return {
          ...NOTHING_ELSE,
          type: 'event.published',
          event: {
            ...event,
            status: 'PUBLISHED',
            version: event.version + 1,
            updatedAt: now,
            publishedAt: now,
          },
          commands: sections.map((section) => ({ kind: 'open', sectionId: section.id })),
        };
      },
    });
  }
}

const isEmpty = (body: EditRequest): boolean =>
  Object.values(body).every((value) => value === undefined);

/** Whether sections have not reached their new capacity yet: the rest comes in steps. */
function isShort({ event }: ChangedEvent, body: EditRequest): boolean {
  const wanted = capacitiesIn(body, event);
  return event.sections.some(({ id, capacity }) => capacity < (wanted.get(id) ?? 0));
}
