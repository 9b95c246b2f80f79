import { PersonAttemptLimiter } from './person-attempt-limiter.js';
import { Injectable } from '@nestjs/common';
import {
  SectionDirectory,
  type BookingTarget,
  type CommandResult,
  AllocationService,
  bookingNotFound,
  SectionFinder,
} from '../allocation/index.js';
import type { Replayable } from '../platform/idempotency/index.js';
import {
  type RequestContext,
  type Caller,
  keysOf,
  limitOf,
  type Page,
  pageOf,
} from '../platform/http/index.js';
import { UsersQueries } from '../users/index.js';
import {
  type BookingResponse,
  type CancelBookingRequest,
  type CancelBookingResponse,
  type ListBookingsRequest,
  ROWS_BEFORE_MAX,
} from './bookings.dto.js';
import {
  expectCancelled,
  targetOf,
  toBookings,
  toCancelBookingCommand,
  toCancelBookingResponse,
  toCreateBookingResponse,
} from './bookings.mappers.js';
import { type BookingFilter, type BookingRow, BookingsQueries } from './bookings.queries.js';
import { faultyField, personOf } from './request-fields.js';
import type { BookRequest, CreateBookingResponse } from './unversioned-bookings.dto.js';
import { toBookCommand } from './unversioned-bookings.mappers.js';

@Injectable()
export class BookingsService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly directory: SectionDirectory,
    private readonly users: UsersQueries,
    private readonly attempts: PersonAttemptLimiter,
    private readonly lanes: AllocationService,
    private readonly queries: BookingsQueries,
  ) {}

  /**
   * Books places or joins the line.
   *
   * @throws {DomainError} `too_many_attempts`, a refusal (core/refusals.ts), or what a transaction may end in
   */
  async book(
    body: BookRequest,
    context: RequestContext,
  ): Promise<Replayable<CreateBookingResponse>> {
    const command = toBookCommand(body, context);
    const sectionId = await this.finder.sectionAt(body, context);
    this.attempts.count(command.person, body.eventId);
    const settled = await this.lanes.submit({ ...command, sectionId });
    return { body: toCreateBookingResponse(settled), isReplay: settled.isReplay };
  }

  /** @throws {DomainError} `booking_not_found` */
  async get(id: string, caller: Caller): Promise<BookingResponse> {
    const [found, tickets = []] = (await this.queries.findWhole(id)) ?? [];
    const booking = await this.finder.own(found, caller);
    if (booking === undefined) throw bookingNotFound();
    return toBookings([booking], tickets)[0]!;
  }

  /** Bookings, newest first. Of a person or event that nobody knows there are none. */
  async list(query: ListBookingsRequest, caller: Caller): Promise<Page<BookingResponse>> {
    const offset = offsetOf(query);
    const limit = limitOf(query);
    const filter = await this.filterOf(query, caller);
    // One more, to see whether there are more.
    const rows =
      filter === undefined ? [] : await this.queries.list(filter, { limit: limit + 1, offset });
    const shown = rows.slice(0, limit).map(({ id }) => id);
    const bookings = toBookings(rows, await this.queries.ticketsOf(shown));
    return pageOf(bookings, limit, { keys: ({ id }) => [id], item: (booking) => booking });
  }

  /**
   * Cancels a booking, or some of its tickets.
   *
   * @throws {DomainError} `booking_not_found`, `ticket_not_found`, `quantity_exceeds_booking`
   */
  async cancel(
    id: string,
    body: CancelBookingRequest,
    context: RequestContext,
  ): Promise<Replayable<CancelBookingResponse>> {
    const target = targetOf(body);
    const row = await this.find(id, context);
    const settled = await this.submit(row, target, context);
    return { body: toCancelBookingResponse(row, settled), isReplay: settled.isReplay };
  }

  /**
   * Cancels a booking.
   *
   * @throws {DomainError} `booking_not_found`, also if it is cancelled already
   */
  async delete(id: string, context: RequestContext): Promise<Replayable<undefined>> {
    const row = await this.find(id, context);
    const settled = await this.submit(row, { by: 'all' }, context);
    expectCancelled(settled);
    return { body: undefined, isReplay: settled.isReplay };
  }

  private submit(
    row: BookingRow,
    target: BookingTarget,
    context: RequestContext,
  ): Promise<CommandResult> {
    const command = toCancelBookingCommand(row, target, context);
    return this.lanes.submit(command, target.by === 'all' ? row.quantity : undefined);
  }

  private async find(id: string, context: RequestContext): Promise<BookingRow> {
    const row = await this.finder.own(await this.queries.find(id), context);
    if (row === undefined) throw bookingNotFound();
    return row;
  }

  private async filterOf(
    query: ListBookingsRequest,
    { organiserId }: Caller,
  ): Promise<BookingFilter | undefined> {
    const { eventId, status } = query;
    const isOfPerson = query.identifier !== undefined || query.userId !== undefined;
    if (eventId === undefined && !isOfPerson) {
      throw faultyField('/eventId', 'is needed, or an identifier');
    }
    const [before] = keysOf(query, 1) ?? [];
    const userId = isOfPerson ? await this.users.idOf(personOf(query, { organiserId })) : undefined;
    if (isOfPerson && userId === undefined) return undefined;
    const sectionIds =
      eventId === undefined
        ? undefined
        : await this.directory.sectionsNow({ organiserId, eventId });
    return { sectionIds, userId, status, before };
  }
}

/** How many bookings stand before the page. */
function offsetOf(query: ListBookingsRequest): number {
  const { page, cursor } = query;
  if (page === undefined) return 0;
  if (cursor !== undefined) throw faultyField('/page', 'stands instead of cursor: leave one out');
  const limit = limitOf(query);
  if (page * limit > ROWS_BEFORE_MAX) {
    throw faultyField('/page', `ends beyond ${ROWS_BEFORE_MAX}: go on with cursor`);
  }
  return (page - 1) * limit;
}
