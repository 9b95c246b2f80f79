import { Injectable } from '@nestjs/common';
import type { Replayable } from '../platform/idempotency/index.js';
import type { RequestContext, Caller } from '../platform/http/index.js';
import { Clock } from '../platform/common/index.js';
import {
  AllocationService,
  type CommandResult,
  holdNotFound,
  SectionFinder,
} from '../allocation/index.js';
import {
  PersonAttemptLimiter,
  type BookingMadeResponse,
  expectOutcome,
  toNewBooking,
} from '../bookings/index.js';
import type { HoldRequest, HoldResponse } from './holds.dto.js';
import { expectReleased, toHoldAt, toHoldCommand, toNewHold } from './holds.mappers.js';
import { HoldsQueries } from './holds.queries.js';

@Injectable()
export class HoldsService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly attempts: PersonAttemptLimiter,
    private readonly lanes: AllocationService,
    private readonly queries: HoldsQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps places for a while.
   *
   * @throws {DomainError} `too_many_attempts`, a refusal (core/refusals.ts), or what a transaction may end in
   */
  async hold(body: HoldRequest, context: RequestContext): Promise<Replayable<HoldResponse>> {
    const command = toHoldCommand(body, context);
    const sectionId = await this.finder.sectionAt(body, context);
    this.attempts.count(command.person, body.eventId);
    const settled = await this.lanes.submit({ ...command, sectionId });
    return { body: toNewHold(settled), isReplay: settled.isReplay };
  }

  /** @throws {DomainError} `hold_not_found` */
  async get(id: string, caller: Caller): Promise<HoldResponse> {
    const hold = await this.finder.own(await this.queries.find(id), caller);
    if (hold === undefined) throw holdNotFound();
    return toHoldAt(hold, this.clock.now());
  }

  /**
   * Books what is held.
   *
   * @throws {DomainError} `hold_not_found`, `hold_expired`, `hold_released`, `hold_confirmed`
   */
  async confirm(id: string, context: RequestContext): Promise<Replayable<BookingMadeResponse>> {
    const settled = await this.submit('confirm', id, context);
    const booking = toNewBooking(expectOutcome(settled, 'booked'));
    return { body: { booking }, isReplay: settled.isReplay };
  }

  /**
   * Gives back what is held.
   *
   * @throws {DomainError} `hold_not_found`, also if it was given back or is over; `hold_confirmed`
   */
  async release(id: string, context: RequestContext): Promise<Replayable<undefined>> {
    const settled = await this.submit('release', id, context);
    expectReleased(settled);
    return { body: undefined, isReplay: settled.isReplay };
  }

  private async submit(
    kind: 'confirm' | 'release',
    id: string,
    context: RequestContext,
  ): Promise<CommandResult> {
    const hold = await this.finder.own(await this.queries.findPlaces(id), context);
    if (hold === undefined) throw holdNotFound();
    const { sectionId, quantity } = hold;
    return this.lanes.submit(
      { idempotencyKey: context.idempotencyKey, kind, sectionId, holdId: id },
      quantity,
    );
  }
}
