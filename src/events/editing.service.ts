import { Injectable } from '@nestjs/common';
import { BookingEngine } from '../bookings/index.js';
import type { Answered, IdempotencyClaim } from '../platform/index.js';
import { editOf, PLACES_PER_STEP, requireMatch, type Resize, resizesOf } from './editing.js';
import { type Changed, EventChange } from './event-change.js';
import { EventsQueries } from './events.queries.js';
import type { EditRequest } from './http/edit.dto.js';
import { eventCancelled } from './http/events.errors.js';

/** What a request says beside its body. */
export interface Edit {
  readonly id: string;
  readonly ifMatch: string | undefined;
  readonly claim: IdempotencyClaim | undefined;
}

/** Edits and publishes events. */
@Injectable()
export class EditingService {
  constructor(
    private readonly changes: EventChange,
    private readonly engine: BookingEngine,
    private readonly queries: EventsQueries,
  ) {}

  /**
   * Changes an event; raised capacity goes to the line at once.
   *
   * @throws {DomainError} `event_not_found`, `precondition_failed`, `event_cancelled`,
   *   `section_not_found`, `invalid_request`, `capacity_below_sold`, `section_seated`
   */
  async edit(body: EditRequest, { id, ifMatch, claim }: Edit): Promise<Answered<Changed>> {
    let resizes: readonly Resize[] = [];
    const answer = await this.changes.make({
      id,
      claim,
      decide: (current, now) => {
        requireMatch(ifMatch, current.event.version);
        resizes = resizesOf(body, current);
        return editOf(body, current, now);
      },
    });
    const isOver = await this.raiseFurther(answer.body, resizes);
    return isOver ? answer : { ...answer, body: await this.queries.getChanged(id) };
  }

  /** Puts a draft on sale. */
  publish({ id, claim }: Omit<Edit, 'ifMatch'>): Promise<Answered<Changed>> {
    return this.changes.make({
      id,
      claim,
      decide: ({ event, sections }, now) => {
        if (event.status === 'CANCELLED') throw eventCancelled();
        if (event.status === 'PUBLISHED') return undefined;
        const commands = sections.map(
          ({ id: sectionId }) => ({ kind: 'open', sectionId }) as const,
        );
        return {
          type: 'event.published',
          event: { ...event, status: 'PUBLISHED', version: event.version + 1, updatedAt: now },
          commands,
          sectionTexts: [],
          newSections: [],
          newSeats: [],
          isEnding: false,
        };
      },
    });
  }

  /**
   * The steps of a raise after the first, each a transaction of its own.
   *
   * @returns whether there was none
   */
  private async raiseFurther({ event }: Changed, resizes: readonly Resize[]): Promise<boolean> {
    const raised = resizes.flatMap(({ sectionId, capacity }) => {
      const reached = event.sections.find(({ id }) => id === sectionId)?.capacity ?? capacity;
      return reached < capacity ? { sectionId, capacity, reached } : [];
    });
    for (const one of raised) await this.raise(one, one.reached);
    return raised.length === 0;
  }

  private async raise({ sectionId, capacity }: Resize, reached: number): Promise<void> {
    for (let before = reached; before < capacity;) {
      const step = Math.min(capacity, before + PLACES_PER_STEP);
      await this.engine.run([{ kind: 'resize', sectionId, capacity: step }]);
      before = step;
    }
  }
}
