import { Attempts } from './person-attempt-limiter.js';
import { Injectable } from '@nestjs/common';
import type { Answered } from '../platform/idempotency/index.js';
import type { Asking } from '../platform/http/index.js';
import { CommandLanes, SectionFinder } from '../allocation/index.js';
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
export class VerbsService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly attempts: Attempts,
    private readonly lanes: CommandLanes,
  ) {}

  /**
   * Books places or joins the line.
   *
   * @throws {DomainError} `too_many_attempts`, a refusal (core/refusals.ts), or what a transaction may end in
   */
  async book(body: BookRequest, asking: Asking): Promise<Answered<BookResponse>> {
    const command = toBookCommand(body, asking);
    const sectionId = await this.finder.sectionAt(body, asking);
    this.attempts.count(command.person, body.eventId);
    const settled = await this.lanes.submit({ ...command, sectionId });
    return { body: toBookResponse(settled), isReplay: settled.isReplay };
  }

  /** Cancels tickets, or leaves the line; see `book` for the errors. */
  async cancel(body: CancelRequest, asking: Asking): Promise<Answered<CancelResponse>> {
    const command = toCancelCommand(body, asking);
    const sectionId = await this.finder.sectionAt(body, asking);
    const settled = await this.lanes.submit({ ...command, sectionId });
    return { body: toCancelResponse(settled), isReplay: settled.isReplay };
  }
}
