import { Injectable } from '@nestjs/common';
import { type NewSection, SectionsRepository, SeatsRepository } from '../allocation/index.js';
import { type Replayable, runOnce } from '../platform/idempotency/index.js';
import {
  queryAll,
  readMoment,
  type Transaction,
  TransactionRunner,
  executeAll,
} from '../platform/database/index.js';
import { type Actor, Clock } from '../platform/common/index.js';
import type { RequestContext } from '../platform/http/index.js';
import { outboxInsert } from '../platform/outbox/index.js';
import { eventMessageRow } from './event-message.js';
import { type EventRow, toEventResponse, type EventSectionRow } from './event.mappers.js';
import { EventsRepository } from './events.repository.js';
import type { EventResponse } from './dto/event.dto.js';
import type { OpenRequest } from './dto/create-event.dto.js';
import { type NewEventRows, rowsOfNewEvent } from './create-event.js';

@Injectable()
export class CreateEventService {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
    private readonly events: EventsRepository,
    private readonly sections: SectionsRepository,
    private readonly seats: SeatsRepository,
  ) {}

  /** @throws {DomainError} `invalid_request`, or an error of the transaction */
  async create(body: OpenRequest, context: RequestContext): Promise<Replayable<EventResponse>> {
    const { made } = await this.transactions.run(
      'events.create',
      async (tx) => {
        const [moment] = await queryAll(tx, [readMoment(this.clock)]);
        const rows = rowsOfNewEvent(body, context, moment);
        const once = { tx, key: context.idempotencyKey, now: moment.now };
        return {
          id: rows.event.id,
          made: await runOnce(once, () => this.insert(tx, rows, context.actor)),
        };
      },
      async (tx, { id, made: { isReplay } }) =>
        isReplay || (await queryAll(tx, [this.events.exists(id)]))[0],
    );
    return made;
  }

  /** @returns the event as it was written, without a read that could fail after the commit */
  private async insert(tx: Transaction, rows: NewEventRows, actor: Actor): Promise<EventResponse> {
    const { event, sections, seats } = rows;
    const type = event.status === 'PUBLISHED' ? 'event.published' : 'event.created';
    await executeAll(tx, [
      ...this.events.insert(event),
      ...this.sections.insert(sections),
      ...this.seats.insert(seats),
      ...outboxInsert([eventMessageRow(event, type, { actor, createdAt: event.now })]),
    ]);
    const { now, ...facts } = event;
    const created: EventRow = { ...facts, createdAt: now, updatedAt: now };
    return toEventResponse(created, sections.map(emptySection));
  }
}

const emptySection = (section: NewSection): EventSectionRow => ({
  ...section,
  available: section.capacity,
  booked: 0,
  held: 0,
  bookings: 0,
  waiting: 0,
  version: 0,
});
