import { Injectable } from '@nestjs/common';
import type { Answered, Asking } from '../../platform/index.js';
import { CommandLanes } from '../engine/command-lanes.js';
import { SectionFinder } from './section-finder.js';
import type { BookRequest, BookResponse, CancelRequest, CancelResponse } from './verbs.dto.js';
import {
  toBookCommand,
  toBookResponse,
  toCancelCommand,
  toCancelResponse,
} from './verbs.mappers.js';

@Injectable()
export class VerbsService {
  constructor(
    private readonly finder: SectionFinder,
    private readonly lanes: CommandLanes,
  ) {}

  /**
   * Books places or joins the line.
   *
   * @throws {DomainError} `too_many_attempts`, a refusal (core/refusals.ts), or what a transaction may end in
   */
  async book(body: BookRequest, asking: Asking): Promise<Answered<BookResponse>> {
    const command = toBookCommand(body, asking);
    const sectionId = await this.finder.sectionFor(command.person, body);
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
