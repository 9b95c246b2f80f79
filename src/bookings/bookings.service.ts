import { Injectable } from '@nestjs/common';
import {
  type BookingTarget,
  type CommandResult,
  AllocationService,
  type OutcomeOf,
  SectionFinder,
} from '../allocation/index.js';
import type { Replayable } from '../platform/idempotency/index.js';
import type { RequestContext, Caller } from '../platform/http/index.js';
import type {
  BookingResponse,
  CancelBookingRequest,
  CancelBookingResponse,
} from './bookings.dto.js';
import {
  targetOf,
  toBookings,
  toCancelBookingCommand,
  toCancelBookingResponse,
  toCreateBookingResponse,
} from './bookings.mappers.js';
import { type BookingRow, BookingsQueries } from './bookings.queries.js';
import { expectOutcome } from './outcomes.mappers.js';
import { PersonAttemptLimiter } from './person-attempt-limiter.js';
import type {
  BookRequest,
  BookResponse,
  CancelRequest,
  CancelResponse,
  CreateBookingResponse,
} from './unversioned-bookings.dto.js';
import {
  toBookCommand,
  toBookResponse,
  toCancelCommand,
  toCancelResponse,
} from './unversioned-bookings.mappers.js';

@Injectable()
export class BookingsService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly attempts: PersonAttemptLimiter,
    private readonly allocation: AllocationService,
    private readonly queries: BookingsQueries,
  ) {}

  /**
   * Books places or joins the waitlist.
   *
   * @throws {DomainError} `too_many_attempts`, a refusal (allocation/core/refusals.ts), or an error of the transaction
   */
  async book(body: BookRequest, context: RequestContext): Promise<Replayable<BookResponse>> {
    return (await this.bookOrJoin(body, context)).map(toBookResponse);
  }

  /** Like {@link book}, and also returns the booking. */
  async create(
    body: BookRequest,
    context: RequestContext,
  ): Promise<Replayable<CreateBookingResponse>> {
    return (await this.bookOrJoin(body, context)).map(toCreateBookingResponse);
  }

  /** Cancels tickets of a person, or takes the person off the waitlist; see {@link book} for the errors. */
  async cancelOrLeave(
    body: CancelRequest,
    context: RequestContext,
  ): Promise<Replayable<CancelResponse>> {
    const owner = await this.finder.actingFor(context, body.eventId);
    const command = toCancelCommand(body, owner);
    const sectionId = await this.finder.findSection(body, owner);
    // A key that may read needs no guesses.
    if (!context.mayRead) this.attempts.spend(command.person, body.eventId);
    const result = await this.allocation.submit(
      { ...command, sectionId },
      { client: context.connection },
    );
    return expectOutcome(result, 'cancelled', 'left', 'declined').map(toCancelResponse);
  }

  /** @throws {DomainError} `booking_not_found` */
  async get(id: string, caller: Caller): Promise<BookingResponse> {
    const [found, tickets = []] = (await this.queries.findWhole(id)) ?? [];
    const booking = await this.finder.requireOwn(found, caller, 'booking_not_found');
    return toBookings([booking], tickets)[0]!;
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
    const result = await this.submitCancellation(row, target, context);
    return expectOutcome(result, 'cancelled').map((outcome) =>
      toCancelBookingResponse(row, outcome),
    );
  }

  /**
   * Cancels a booking.
   *
   * @throws {DomainError} `booking_not_found`, also if it is cancelled already
   */
  async delete(id: string, context: RequestContext): Promise<Replayable<undefined>> {
    const row = await this.find(id, context);
    const result = await this.submitCancellation(row, { by: 'all' }, context);
    return expectOutcome(result, 'cancelled').empty;
  }

  private async bookOrJoin(
    body: BookRequest,
    context: RequestContext,
  ): Promise<Replayable<OutcomeOf<'booked' | 'waitlisted'>>> {
    const owner = await this.finder.actingFor(context, body.eventId);
    const command = toBookCommand(body, owner);
    const sectionId = await this.finder.findSection(body, owner);
    this.attempts.spend(command.person, body.eventId);
    const result = await this.allocation.submit(
      { ...command, sectionId },
      { client: context.connection },
    );
    return expectOutcome(result, 'booked', 'waitlisted');
  }

  private submitCancellation(
    row: BookingRow,
    target: BookingTarget,
    context: RequestContext,
  ): Promise<CommandResult> {
    const command = toCancelBookingCommand(row, target, context);
    return this.allocation.submit(command, {
      places: target.by === 'all' ? row.quantity : undefined,
    });
  }

  private async find(id: string, context: RequestContext): Promise<BookingRow> {
    return this.finder.requireOwn(await this.queries.find(id), context, 'booking_not_found');
  }
}
