import { Injectable } from '@nestjs/common';
import type { Replayable } from '../platform/idempotency/index.js';
import {
  type RequestContext,
  type Caller,
  type Page,
  pageOf,
  numberedInSection,
} from '../platform/http/index.js';
import { AllocationService, seatNotFound, SectionFinder } from '../allocation/index.js';
import { PersonAttemptLimiter } from '../bookings/index.js';
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
    private readonly lanes: AllocationService,
    private readonly queries: SeatsQueries,
  ) {}

  /**
   * Seats of an event in the order of the house; none if its places are not numbered.
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
    const sectionIds = await this.finder.sectionsAt({ eventId, sectionId }, caller);
    // One more, to see whether there are more.
    const rows = await this.queries.list({ sectionIds, status, after }, limit + 1);
    return pageOf(rows, limit, {
      keys: (seat) => [seat.sectionId, String(seat.position)],
      item: toSeat,
    });
  }

  /**
   * Books one seat.
   *
   * @throws {DomainError} `seat_not_found`, `too_many_attempts`, `seat_taken`, `sold_out` while others wait
   *   in the line, or another refusal (core/refusals.ts)
   */
  async reserve(
    seatId: string,
    body: SeatPersonRequest,
    context: RequestContext,
  ): Promise<Replayable<ReserveSeatResponse>> {
    const command = toReserveCommand(body, { seatId, context });
    const { sectionId, eventId } = await this.find(seatId, context);
    this.attempts.count(command.person, eventId);
    const settled = await this.lanes.submit({ ...command, sectionId });
    return { body: toReserveSeatResponse(settled), isReplay: settled.isReplay };
  }

  /**
   * Cancels the person's ticket of a seat.
   *
   * @throws {DomainError} `seat_not_found`, `ticket_not_found` if it is not his
   */
  async release(
    seatId: string,
    body: SeatPersonRequest,
    context: RequestContext,
  ): Promise<Replayable<ReleaseSeatResponse>> {
    const command = toReleaseSeatCommand(body, { seatId, context });
    const { sectionId } = await this.find(seatId, context);
    const settled = await this.lanes.submit({ ...command, sectionId });
    return { body: toReleaseSeatResponse(settled), isReplay: settled.isReplay };
  }

  private async find(seatId: string, context: RequestContext): Promise<SeatPlace> {
    const seat = await this.finder.own(await this.queries.find(seatId), context);
    if (seat === undefined) throw seatNotFound();
    return seat;
  }
}
