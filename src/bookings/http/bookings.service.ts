import { Injectable } from '@nestjs/common';
import { SectionDirectory } from '../../inventory/index.js';
import {
  type Answered,
  type IdempotencyClaim,
  keysOf,
  limitOf,
  type Page,
  pageOf,
} from '../../platform/index.js';
import { UsersQueries } from '../../users/index.js';
import type { BookingTarget } from '../core/commands.js';
import type { Settled } from '../engine/booking-request.js';
import { CommandLanes } from '../engine/command-lanes.js';
import {
  type BookingResponse,
  type CancelBookingRequest,
  type CancelBookingResponse,
  type ListBookingsRequest,
  ROWS_BEFORE_MAX,
} from './bookings.dto.js';
import {
  type CreateBookingResponse,
  expectCancelled,
  targetOf,
  toBookings,
  toCancelBookingCommand,
  toCancelBookingResponse,
  toCreateBookingResponse,
} from './bookings.mappers.js';
import { type BookingFilter, type BookingRow, BookingsQueries } from './bookings.queries.js';
import { bookingNotFound } from './refusal-error.js';
import { faultyField, identifierOf } from './request-fields.js';
import { SectionFinder } from './section-finder.js';
import type { BookRequest } from './verbs.dto.js';
import { toBookCommand } from './verbs.mappers.js';

type Claim = IdempotencyClaim | undefined;

@Injectable()
export class BookingsService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly directory: SectionDirectory,
    private readonly users: UsersQueries,
    private readonly lanes: CommandLanes,
    private readonly queries: BookingsQueries,
  ) {}

  /**
   * Books places or joins the line.
   *
   * @throws {DomainError} a refusal (core/refusals.ts), or what a transaction may end in
   */
  async book(body: BookRequest, claim: Claim): Promise<Answered<CreateBookingResponse>> {
    const command = toBookCommand(body, claim);
    const sectionId = await this.finder.sectionAt(body);
    const settled = await this.lanes.submit({ ...command, sectionId });
    return { body: toCreateBookingResponse(settled), isReplay: settled.isReplay };
  }

  /** @throws {DomainError} `booking_not_found` */
  async get(id: string): Promise<BookingResponse> {
    const [booking, tickets] = (await this.queries.findWhole(id)) ?? [];
    if (booking === undefined || tickets === undefined) throw bookingNotFound();
    return toBookings([booking], tickets)[0]!;
  }

  /** Bookings, newest first. Of a person or event that nobody knows there are none. */
  async list(query: ListBookingsRequest): Promise<Page<BookingResponse>> {
    const offset = offsetOf(query);
    const limit = limitOf(query);
    const filter = await this.filterOf(query);
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
    claim: Claim,
  ): Promise<Answered<CancelBookingResponse>> {
    const target = targetOf(body);
    const row = await this.find(id);
    const settled = await this.submit(row, target, claim);
    return { body: toCancelBookingResponse(row, settled), isReplay: settled.isReplay };
  }

  /**
   * Cancels a booking.
   *
   * @throws {DomainError} `booking_not_found`, also if it is cancelled already
   */
  async delete(id: string, claim: Claim): Promise<Answered<undefined>> {
    const row = await this.find(id);
    const settled = await this.submit(row, { by: 'all' }, claim);
    expectCancelled(settled);
    return { body: undefined, isReplay: settled.isReplay };
  }

  private submit(row: BookingRow, target: BookingTarget, claim: Claim): Promise<Settled> {
    const command = toCancelBookingCommand(row, target, claim);
    return this.lanes.submit(command, target.by === 'all' ? row.quantity : undefined);
  }

  private async find(id: string): Promise<BookingRow> {
    const row = await this.queries.find(id);
    if (row === undefined) throw bookingNotFound();
    return row;
  }

  private async filterOf(query: ListBookingsRequest): Promise<BookingFilter | undefined> {
    const { eventId, status } = query;
    const isOfPerson = query.identifier !== undefined || query.userId !== undefined;
    if (status !== undefined && eventId === undefined && !isOfPerson) {
      throw faultyField('/status', 'needs an eventId or an identifier beside it');
    }
    const [before] = keysOf(query, 1) ?? [];
    const userId = isOfPerson ? await this.users.idOf(identifierOf(query)) : undefined;
    if (isOfPerson && userId === undefined) return undefined;
    const sectionIds =
      eventId === undefined ? undefined : await this.directory.sectionsNow(eventId);
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
