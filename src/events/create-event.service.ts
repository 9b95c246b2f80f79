import { Injectable } from '@nestjs/common';
import { type NewSection, SectionsRepository, SeatsRepository } from '../allocation/index.js';
import { type Answered, once } from '../platform/idempotency/index.js';
import { ask, type Transaction, TransactionRunner, write } from '../platform/database/index.js';
import { Clock, uuidV7 } from '../platform/common/index.js';
import type { Asking } from '../platform/http/index.js';
import { outboxInsert } from '../platform/outbox/index.js';
import { type EventFacts, eventResponse, type SectionFactsOfEvent } from './event.mappers.js';
import { EventsRepository } from './events.repository.js';
import type { EventResponse } from './dto/event.dto.js';
import type { OpenRequest } from './dto/create-event.dto.js';
import { type Opening, openingOf } from './create-event.js';

/** Opens events. */
@Injectable()
export class OpeningService {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
    private readonly events: EventsRepository,
    private readonly sections: SectionsRepository,
    private readonly seats: SeatsRepository,
  ) {}

  /** @throws {DomainError} `invalid_request`, or what a transaction may end in */
  async open(body: OpenRequest, asking: Asking): Promise<Answered<EventResponse>> {
    const now = this.clock.now();
    const opening = openingOf(body, asking, now);
    return this.transactions.run(
      'events.open',
      (tx) => once({ tx, claim: asking.claim, now }, () => this.insert(tx, opening)),
      async (tx, { isReplay }) =>
        isReplay || (await ask(tx, [this.events.exists(opening.event.id)]))[0],
    );
  }

  /** @returns what was just written, without a read that could fail after the commit */
  private async insert(tx: Transaction, opening: Opening): Promise<EventResponse> {
    const { event, sections, seats } = opening;
    const type = event.status === 'PUBLISHED' ? 'event.published' : 'event.created';
    await write(tx, [
      ...this.events.insert(event),
      ...this.sections.insert(sections),
      ...this.seats.insert(seats),
      ...outboxInsert([
        {
          id: uuidV7(),
          eventId: event.id,
          sectionId: null,
          sequence: event.version,
          type,
          payload: { eventId: event.id },
          createdAt: event.now,
        },
      ]),
    ]);
    const { now, ...facts } = event;
    const opened: EventFacts = { ...facts, createdAt: now, updatedAt: now };
    return eventResponse(opened, sections.map(emptySection));
  }
}

const emptySection = (section: NewSection): SectionFactsOfEvent => ({
  ...section,
  available: section.capacity,
  booked: 0,
  held: 0,
  bookings: 0,
  waiting: 0,
  version: 0,
});
