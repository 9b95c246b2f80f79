import { Inject, Injectable } from '@nestjs/common';
import { type Caller, limitOf, type Page, pageOf } from '../platform/http/index.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { BulkReader, DatabaseReader } from '../platform/database/index.js';
import { DomainError } from '../platform/errors/index.js';
import type { EventResponse } from './dto/event.dto.js';
import type { ListQuery } from './dto/list-events.dto.js';
import type { ChangedEvent } from './event-change.js';
import { type EventRow, toEventResponse } from './event.mappers.js';
import { keysOfEvent, listStatement } from './events-list.query.js';
import { EventsRepository, SELECT_EVENTS } from './events.repository.js';

/** Events with their settings and sections. */
@Injectable()
export class EventsQueries {
  constructor(
    private readonly reads: DatabaseReader,
    private readonly bulk: BulkReader,
    private readonly events: EventsRepository,
    @Inject(CONFIG) private readonly config: Pick<Config, 'AUTH_MODE'>,
  ) {}

  /** @throws {DomainError} `event_not_found`, also for another organiser's */
  async get(id: string, caller: Pick<Caller, 'organiserId'>): Promise<ChangedEvent> {
    const owner = this.ownerFor(caller);
    const [event] = await this.reads.query<EventRow>(
      `${SELECT_EVENTS} WHERE event.id = ? AND event.organiser_id = COALESCE(?, event.organiser_id)`,
      [id, owner ?? null],
    );
    const [response] = event === undefined ? [] : await this.withSections([event]);
    if (response === undefined) throw new DomainError('event_not_found');
    return { event: response, revision: event!.version };
  }

  /** Newest first; with a bound on the start, earliest first. */
  async list(query: ListQuery, caller: Caller): Promise<Page<EventResponse>> {
    const limit = limitOf(query);
    const { sql, parameters } = listStatement(query, this.ownerFor(caller));
    const rows = await this.bulk.query<EventRow>(sql, [...parameters, limit + 1]);
    const responses = await this.withSections(rows.slice(0, limit));
    const byId = new Map(responses.map((response) => [response.id, response]));
    return pageOf(rows, limit, {
      keys: keysOfEvent(query),
      item: (row) => byId.get(row.id)!,
    });
  }

  /** Without API keys, everybody reaches the events of all organisers. */
  private ownerFor({ organiserId }: Pick<Caller, 'organiserId'>): string | undefined {
    return this.config.AUTH_MODE === 'keys' ? organiserId : undefined;
  }

  private async withSections(events: readonly EventRow[]): Promise<EventResponse[]> {
    if (events.length === 0) return [];
    const sections = await this.reads.run(this.events.sectionsOf(events.map(({ id }) => id)));
    return events.map((event) => toEventResponse(event, sections.get(event.id)!));
  }
}
