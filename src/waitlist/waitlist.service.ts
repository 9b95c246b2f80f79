import { Injectable } from '@nestjs/common';
import type { Replayable } from '../platform/idempotency/index.js';
import { Clock } from '../platform/common/index.js';
import {
  type RequestContext,
  type Caller,
  keysOf,
  limitOf,
  type Page,
  pageOf,
  numberedInSection,
} from '../platform/http/index.js';
import { UsersQueries } from '../users/index.js';
import {
  type EntryCommand,
  type CommandResult,
  AllocationService,
  SectionFinder,
} from '../allocation/index.js';
import {
  type BookingMadeResponse,
  expectOutcome,
  toBookingMade,
  personOf,
} from '../bookings/index.js';
import type { DeclineOfferResponse, EntryResponse, ListEntriesRequest } from './waitlist.dto.js';
import { toDeclineOfferResponse, toEntryAt } from './waitlist.mappers.js';
import { type EntryRow, WaitlistQueries } from './waitlist.queries.js';

const SEQ_DIGITS_MAX = 15;

@Injectable()
export class WaitlistService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly users: UsersQueries,
    private readonly allocation: AllocationService,
    private readonly queries: WaitlistQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Open entries of an event: all in waitlist order, or those of one person, newest first.
   *
   * @throws {DomainError} `event_not_found`, `section_not_found`
   */
  async list(query: ListEntriesRequest, caller: Caller): Promise<Page<EntryResponse>> {
    const { eventId, sectionId, identifier, userId } = query;
    const owner = await this.finder.actingFor(caller, eventId);
    const sectionIds = await this.finder.findSections({ eventId, sectionId }, owner);
    const isOfPerson = identifier !== undefined || userId !== undefined;
    return isOfPerson ? this.listOwn(query, sectionIds, owner) : this.listAll(query, sectionIds);
  }

  /** @throws {DomainError} `entry_not_found` */
  async get(id: string, caller: Caller): Promise<EntryResponse> {
    const found = await this.queries.find(id);
    const row = await this.finder.requireOwn(found, caller, 'entry_not_found');
    return this.toEntry(row);
  }

  /**
   * Leaves the waitlist, or declines the offer.
   *
   * @throws {DomainError} `entry_not_found`, also if it has ended
   */
  async leave(id: string, context: RequestContext): Promise<Replayable<undefined>> {
    return expectOutcome(await this.submit('leave', id, context), 'left', 'declined').empty;
  }

  /**
   * Books the places of the offer.
   *
   * @throws {DomainError} `entry_not_found`, `not_offered`, `offer_expired`, `event_not_on_sale`
   */
  async accept(id: string, context: RequestContext): Promise<Replayable<BookingMadeResponse>> {
    return toBookingMade(await this.submit('accept', id, context));
  }

  /** Declines the offer; see {@link accept} for the errors. */
  async decline(id: string, context: RequestContext): Promise<Replayable<DeclineOfferResponse>> {
    const result = await this.submit('decline', id, context);
    return expectOutcome(result, 'declined').map(toDeclineOfferResponse);
  }

  private readonly toEntry = (row: EntryRow): EntryResponse =>
    toEntryAt(row, this.clock.now(row.readAt));

  private async listAll(
    query: ListEntriesRequest,
    sectionIds: readonly string[],
  ): Promise<Page<EntryResponse>> {
    const limit = limitOf(query);
    // One more than the page has, to see whether there is a next page.
    const last = numberedInSection(query, SEQ_DIGITS_MAX);
    const after = last && { sectionId: last.sectionId, seq: last.number };
    const rows = await this.queries.open(sectionIds, after, limit + 1);
    return pageOf(rows, limit, {
      keys: ({ sectionId, seq }) => [sectionId, String(seq)],
      item: (row) => this.toEntry(row),
    });
  }

  private async listOwn(
    query: ListEntriesRequest,
    sectionIds: readonly string[],
    caller: Caller,
  ): Promise<Page<EntryResponse>> {
    const limit = limitOf(query);
    const [before] = keysOf(query, 1) ?? [];
    const userId = await this.users.idOf(personOf(query, caller));
    const rows =
      userId === undefined
        ? []
        : await this.queries.ofPerson(userId, { sectionIds, before }, limit + 1);
    return pageOf(rows, limit, { keys: ({ id }) => [id], item: (row) => this.toEntry(row) });
  }

  private async submit(
    kind: EntryCommand['kind'],
    id: string,
    context: RequestContext,
  ): Promise<CommandResult> {
    const found = await this.queries.findPlaces(id);
    const entry = await this.finder.requireOwn(found, context, 'entry_not_found');
    const { sectionId, quantity } = entry;
    return this.allocation.submit(
      {
        idempotencyKey: context.idempotencyKey,
        actor: context.actor,
        kind,
        sectionId,
        entryId: id,
      },
      { places: quantity },
    );
  }
}
