import { Injectable } from '@nestjs/common';
import { SectionDirectory } from '../allocation/index.js';
import {
  type Caller,
  invalidField,
  keysOf,
  limitOf,
  type Page,
  pageOf,
} from '../platform/http/index.js';
import { UsersQueries } from '../users/index.js';
import { type BookingResponse, type ListBookingsRequest, ROWS_BEFORE_MAX } from './bookings.dto.js';
import { toBookings } from './bookings.mappers.js';
import { type BookingFilter, BookingsQueries } from './bookings.queries.js';
import { personOf } from './request-fields.js';

@Injectable()
export class ListBookingsService {
  constructor(
    private readonly directory: SectionDirectory,
    private readonly users: UsersQueries,
    private readonly queries: BookingsQueries,
  ) {}

  /** Bookings, newest first. The list of an unknown person or event is empty. */
  async list(query: ListBookingsRequest, caller: Caller): Promise<Page<BookingResponse>> {
    const offset = offsetOf(query);
    const limit = limitOf(query);
    const filter = await this.filterOf(query, caller);
    // One more than the page has, to see whether there is a next page.
    const rows =
      filter === undefined ? [] : await this.queries.list(filter, { limit: limit + 1, offset });
    const shown = rows.slice(0, limit).map(({ id }) => id);
    const bookings = toBookings(rows, await this.queries.ticketsOf(shown));
    return pageOf(bookings, limit, { keys: ({ id }) => [id], item: (booking) => booking });
  }

  /** @returns undefined if the person is unknown, so that the list is empty */
  private async filterOf(
    query: ListBookingsRequest,
    caller: Caller,
  ): Promise<BookingFilter | undefined> {
    const { eventId, status } = query;
    const isOfPerson = query.identifier !== undefined || query.userId !== undefined;
    if (eventId === undefined && !isOfPerson) {
      throw invalidField('/eventId', 'is required unless identifier is given');
    }
    const [before] = keysOf(query, 1) ?? [];
    const { organiserId } =
      eventId === undefined ? caller : await this.directory.actingFor(caller, eventId);
    const userId = isOfPerson ? await this.users.idOf(personOf(query, { organiserId })) : undefined;
    if (isOfPerson && userId === undefined) return undefined;
    const sectionIds =
      eventId === undefined
        ? undefined
        : await this.directory.sectionsNow({ organiserId, eventId });
    return { sectionIds, userId, status, before };
  }
}

/** Bookings to skip for the page that the query names by its number. */
function offsetOf(query: ListBookingsRequest): number {
  const { page, cursor } = query;
  if (page === undefined) return 0;
  if (cursor !== undefined) throw invalidField('/page', 'cannot be combined with cursor');
  const limit = limitOf(query);
  if (page * limit > ROWS_BEFORE_MAX) {
    throw invalidField('/page', `ends beyond row ${ROWS_BEFORE_MAX}: use cursor instead`);
  }
  return (page - 1) * limit;
}
