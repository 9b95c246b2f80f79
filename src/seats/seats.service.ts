import { Injectable } from '@nestjs/common';
import type { Replayable } from '../platform/idempotency/index.js';
import {
  type RequestContext,
  type Caller,
  type Page,
  pageOf,
  numberedInSection,
} from '../platform/http/index.js';
import type { Person } from '../users/index.js';
import { AllocationService, SectionFinder } from '../allocation/index.js';
import { expectOutcome, PersonAttemptLimiter } from '../bookings/index.js';
import {
  type ListSeatsRequest,
  type ReleaseSeatResponse,
  type ReserveSeatResponse,
  type SeatPersonRequest,
  type SeatResponse,
  SEATS_PER_PAGE_MAX,
} from './seats.dto.js';
import {
  toReleaseSeatCommand,
  toReleaseSeatResponse,
  toReserveCommand,
  toReserveSeatResponse,
  toSeat,
} from './seats.mappers.js';
import { type SeatPlace, SeatsQueries } from './seats.queries.js';

const POSITION_DIGITS_MAX = 10;

@Injectable()
export class SeatsService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly attempts: PersonAttemptLimiter,
    private readonly allocation: AllocationService,
    private readonly queries: SeatsQueries,
  ) {}

  /**
   * Seats of an event, row by row; none if its places are not numbered.
   *
   * @throws {DomainError} `event_not_found`, `section_not_found`
   */
  async list(
    eventId: string,
    query: ListSeatsRequest,
    caller: Caller,
  ): Promise<Page<SeatResponse>> {
    const { sectionId, status, limit = SEATS_PER_PAGE_MAX } = query;
    const last = numberedInSection(query, POSITION_DIGITS_MAX);
    const after = last && { sectionId: last.sectionId, position: last.number };
    const sectionIds = await this.finder.findSections(
      { eventId, sectionId },
      await this.finder.actingFor(caller, eventId),
    );
    // One more than the page has, to see whether there is a next page.
    const rows = await this.queries.list({ sectionIds, status, after }, limit + 1);
    return pageOf(rows, limit, {
      keys: (seat) => [seat.sectionId, String(seat.position)],
      item: toSeat,
    });
  }

  /**
   * Books one seat.
   *
   * @throws {DomainError} `seat_not_found`, `too_many_attempts`, `seat_taken`, `sold_out` while others
   *   wait, or another refusal (allocation/core/refusals.ts)
   */
  async reserve(
    seatId: string,
    body: SeatPersonRequest,
    context: RequestContext,
  ): Promise<Replayable<ReserveSeatResponse>> {
    const asked = toReserveCommand(body, { seatId, context });
    const { command, eventId } = await this.inSection(asked, seatId, context);
    this.attempts.spend(command.person, eventId);
    const result = await this.allocation.submit(command, { client: context.connection });
    return expectOutcome(result, 'booked').map(toReserveSeatResponse);
  }

  /**
   * Cancels the person's ticket of a seat.
   *
   * @throws {DomainError} `seat_not_found`, `ticket_not_found` if it is another person's
   */
  async release(
    seatId: string,
    body: SeatPersonRequest,
    context: RequestContext,
  ): Promise<Replayable<ReleaseSeatResponse>> {
    const asked = toReleaseSeatCommand(body, { seatId, context });
    const { command, eventId } = await this.inSection(asked, seatId, context);
    if (!context.mayRead) this.attempts.spend(command.person, eventId);
    const result = await this.allocation.submit(command, { client: context.connection });
    return expectOutcome(result, 'cancelled').map(toReleaseSeatResponse);
  }

  /** The command for the section of the seat, about a customer of its organiser. */
  private async inSection<Command extends { readonly person: Person }>(
    asked: Command,
    seatId: string,
    context: RequestContext,
  ) {
    const found = await this.queries.find(seatId);
    const seat: SeatPlace = await this.finder.requireOwn(found, context, 'seat_not_found');
    const { sectionId, eventId } = seat;
    const { organiserId } = await this.finder.actingFor(context, eventId);
    return { eventId, command: { ...asked, sectionId, person: { ...asked.person, organiserId } } };
  }
}
