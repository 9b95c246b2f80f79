import { PersonAttemptLimiter } from './person-attempt-limiter.js';
import { Injectable } from '@nestjs/common';
import type { Replayable } from '../platform/idempotency/index.js';
import type { RequestContext } from '../platform/http/index.js';
import { AllocationService, SectionFinder } from '../allocation/index.js';
import type {
  BookRequest,
  BookResponse,
  CancelRequest,
  CancelResponse,
} from './unversioned-bookings.dto.js';
import {
  toBookCommand,
  toBookResponse,
  toCancelCommand,
  toCancelResponse,
} from './unversioned-bookings.mappers.js';

@Injectable()
export class UnversionedBookingsService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly attempts: PersonAttemptLimiter,
    private readonly lanes: AllocationService,
  ) {}

  /**
   * Books places or joins the line.
   *
   * @throws {DomainError} `too_many_attempts`, a refusal (core/refusals.ts), or what a transaction may end in
   */
  async book(body: BookRequest, context: RequestContext): Promise<Replayable<BookResponse>> {
    const command = toBookCommand(body, context);
    const sectionId = await this.finder.sectionAt(body, context);
    this.attempts.count(command.person, body.eventId);
    const settled = await this.lanes.submit({ ...command, sectionId });
    return { body: toBookResponse(settled), isReplay: settled.isReplay };
  }

  /** Cancels tickets, or leaves the line; see `book` for the errors. */
  async cancel(body: CancelRequest, context: RequestContext): Promise<Replayable<CancelResponse>> {
    const command = toCancelCommand(body, context);
    const sectionId = await this.finder.sectionAt(body, context);
    const settled = await this.lanes.submit({ ...command, sectionId });
    return { body: toCancelResponse(settled), isReplay: settled.isReplay };
  }
}
