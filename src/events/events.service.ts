import { Injectable } from '@nestjs/common';
import { DEFAULT_RULES, SectionsRepository } from '../inventory/index.js';
import {
  type Answered,
  ask,
  type Change,
  Clock,
  type IdempotencyClaim,
  isUuid,
  once,
  outboxInsert,
  type Transaction,
  TransactionRunner,
  uuidV7,
  write,
} from '../platform/index.js';
import type { EventResponse, InitializeRequest } from './dto.js';
import { eventNotFound } from './events.errors.js';
import { EventsQueries } from './events.queries.js';
import { EventsRepository } from './events.repository.js';

/** What an event without sections of its own sells. */
const DEFAULT_SECTION = 'General Admission';

const FIRST_VERSION = 1;

@Injectable()
export class EventsService {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
    private readonly events: EventsRepository,
    private readonly sections: SectionsRepository,
    private readonly queries: EventsQueries,
  ) {}

  /** Opens an event for sale. */
  async open(
    body: InitializeRequest,
    claim: IdempotencyClaim | undefined,
  ): Promise<Answered<EventResponse>> {
    const id = uuidV7();
    const section = { id: uuidV7(), eventId: id, firstSectionId: null, name: DEFAULT_SECTION };
    const now = this.clock.now();
    const insert = async (tx: Transaction): Promise<EventResponse> => {
      await write(tx, [
        ...this.events.insert({ id, name: body.name, version: FIRST_VERSION, now }),
        ...this.sections.insert([
          {
            ...section,
            capacity: body.totalTickets,
            sales: 'OPEN',
            isSeated: false,
            price: null,
            rules: DEFAULT_RULES,
            createdAt: now,
          },
        ]),
        ...announcement(id, now),
      ]);
      return opened(id, body, section, now);
    };
    return this.transactions.run(
      'events.open',
      (tx) => once({ tx, claim, now }, () => insert(tx)),
      async (tx, { isReplay }) => isReplay || (await ask(tx, [this.events.exists(id)]))[0],
    );
  }

  /**
   * @returns EventStatusResponse as JSON
   * @throws {DomainError} `event_not_found`
   */
  async getStatus(eventId: string): Promise<string> {
    const status = isUuid(eventId) ? await this.queries.findStatus(eventId) : undefined;
    if (status === undefined) throw eventNotFound();
    return status;
  }
}

/** What was just written, without a read that could fail after the commit. */
function opened(
  id: string,
  { name, totalTickets }: InitializeRequest,
  section: { readonly id: string; readonly name: string },
  now: Date,
): EventResponse {
  const places = {
    availableTickets: totalTickets,
    bookedTickets: 0,
    heldTickets: 0,
    waitingListCount: 0,
  };
  return {
    id,
    name,
    status: 'PUBLISHED',
    totalTickets,
    ...places,
    bookingCount: 0,
    version: FIRST_VERSION,
    sections: [{ id: section.id, name: section.name, capacity: totalTickets, ...places }],
    createdAt: now.toISOString(),
  };
}

const announcement = (eventId: string, now: Date): Change[] =>
  outboxInsert([
    {
      id: uuidV7(),
      eventId,
      sectionId: null,
      sequence: FIRST_VERSION,
      type: 'event.published',
      payload: { eventId },
      createdAt: now,
    },
  ]);
