import { Injectable } from '@nestjs/common';
import type { Replayable } from '../platform/idempotency/index.js';
import type { RequestContext, Caller } from '../platform/http/index.js';
import { Clock } from '../platform/common/index.js';
import { AllocationService, type CommandResult, SectionFinder } from '../allocation/index.js';
import {
  PersonAttemptLimiter,
  type BookingMadeResponse,
  expectOutcome,
  toBookingMade,
} from '../bookings/index.js';
import type { HoldRequest, HoldResponse } from './holds.dto.js';
import { expectReleased, toHold, toHoldAt, toHoldCommand } from './holds.mappers.js';
import { HoldsQueries } from './holds.queries.js';

@Injectable()
export class HoldsService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly attempts: PersonAttemptLimiter,
    private readonly allocation: AllocationService,
    private readonly queries: HoldsQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Holds places for a limited time.
   *
   * @throws {DomainError} `too_many_attempts`, a refusal (allocation/core/refusals.ts), or an error of the transaction
   */
  async create(body: HoldRequest, context: RequestContext): Promise<Replayable<HoldResponse>> {
    const owner = await this.finder.actingFor(context, body.eventId);
    const command = toHoldCommand(body, owner);
    const sectionId = await this.finder.findSection(body, owner);
    this.attempts.spend(command.person, body.eventId);
    const result = await this.allocation.submit(
      { ...command, sectionId },
      { client: context.connection },
    );
    return expectOutcome(result, 'held').map(toHold);
  }

  /** @throws {DomainError} `hold_not_found` */
  async get(id: string, caller: Caller): Promise<HoldResponse> {
    const found = await this.queries.find(id);
    await this.finder.requireOwn(found?.hold, caller, 'hold_not_found');
    return toHoldAt(found!, this.clock.now(found!.readAt));
  }

  /**
   * Books the places of a hold.
   *
   * @throws {DomainError} `hold_not_found`, `hold_expired`, `hold_released`, `hold_confirmed`,
   *   `event_not_on_sale`
   */
  async confirm(id: string, context: RequestContext): Promise<Replayable<BookingMadeResponse>> {
    return toBookingMade(await this.submit('confirm', id, context));
  }

  /**
   * Gives up the places of a hold.
   *
   * @throws {DomainError} `hold_not_found`, also if it was released or has expired; `hold_confirmed`
   */
  async release(id: string, context: RequestContext): Promise<Replayable<undefined>> {
    return expectReleased(await this.submit('release', id, context)).empty;
  }

  private async submit(
    kind: 'confirm' | 'release',
    id: string,
    context: RequestContext,
  ): Promise<CommandResult> {
    const found = await this.queries.findPlaces(id);
    const hold = await this.finder.requireOwn(found, context, 'hold_not_found');
    const { sectionId, quantity } = hold;
    return this.allocation.submit(
      { idempotencyKey: context.idempotencyKey, actor: context.actor, kind, sectionId, holdId: id },
      { places: quantity },
    );
  }
}
