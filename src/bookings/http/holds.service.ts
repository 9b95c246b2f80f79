import { Injectable } from '@nestjs/common';
import { type Answered, Clock, type IdempotencyClaim } from '../../platform/index.js';
import { CommandLanes } from '../engine/command-lanes.js';
import type { Settled } from '../engine/booking-request.js';
import type { ConfirmHoldResponse, HoldRequest, HoldResponse } from './holds.dto.js';
import { expectReleased, toHoldAt, toHoldCommand, toNewHold } from './holds.mappers.js';
import { HoldsQueries } from './holds.queries.js';
import { expectOutcome, toNewBooking } from './outcomes.mappers.js';
import { holdNotFound } from './refusal-error.js';
import { SectionFinder } from './section-finder.js';

type Claim = IdempotencyClaim | undefined;

@Injectable()
export class HoldsService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly lanes: CommandLanes,
    private readonly queries: HoldsQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps places for a while.
   *
   * @throws {DomainError} a refusal (core/refusals.ts), or what a transaction may end in
   */
  async hold(body: HoldRequest, claim: Claim): Promise<Answered<HoldResponse>> {
    const command = toHoldCommand(body, claim);
    const sectionId = await this.finder.sectionAt(body);
    const settled = await this.lanes.submit({ ...command, sectionId });
    return { body: toNewHold(settled), isReplay: settled.isReplay };
  }

  /** @throws {DomainError} `hold_not_found` */
  async get(id: string): Promise<HoldResponse> {
    const hold = await this.queries.find(id);
    if (hold === undefined) throw holdNotFound();
    return toHoldAt(hold, this.clock.now());
  }

  /**
   * Books what is held.
   *
   * @throws {DomainError} `hold_not_found`, `hold_expired`, `hold_released`, `hold_confirmed`
   */
  async confirm(id: string, claim: Claim): Promise<Answered<ConfirmHoldResponse>> {
    const settled = await this.submit('confirm', id, claim);
    const booking = toNewBooking(expectOutcome(settled, 'booked'));
    return { body: { booking }, isReplay: settled.isReplay };
  }

  /**
   * Gives back what is held.
   *
   * @throws {DomainError} `hold_not_found`, also if it was given back or is over; `hold_confirmed`
   */
  async release(id: string, claim: Claim): Promise<Answered<undefined>> {
    const settled = await this.submit('release', id, claim);
    expectReleased(settled);
    return { body: undefined, isReplay: settled.isReplay };
  }

  private async submit(kind: 'confirm' | 'release', id: string, claim: Claim): Promise<Settled> {
    const hold = await this.queries.findPlaces(id);
    if (hold === undefined) throw holdNotFound();
    const { sectionId, quantity } = hold;
    return this.lanes.submit({ claim, kind, sectionId, holdId: id }, quantity);
  }
}
