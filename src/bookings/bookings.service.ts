import { Injectable } from '@nestjs/common';
import { SectionDirectory } from '../inventory/index.js';
import { BookingEngine } from './booking-engine.js';
import type { BookingRequest } from './booking-request.js';
import { refusalError, sectionNotFound, sectionRequired } from './bookings.errors.js';
import type { Outcome } from './core/commands.js';
import type { BookRequest, BookResponse, CancelRequest, CancelResponse } from './dto.js';
import { toBookCommand, toBookResponse, toCancelCommand, toCancelResponse } from './mappers.js';

@Injectable()
export class BookingsService {
  constructor(
    private readonly directory: SectionDirectory,
    private readonly engine: BookingEngine,
  ) {}

  /**
   * Books places or joins the line.
   *
   * @throws {DomainError} a refusal (core/refusals.ts), or what a transaction may end in
   */
  async book(body: BookRequest): Promise<BookResponse> {
    const sectionId = await this.sectionFor(body);
    return toBookResponse(await this.run(toBookCommand(body, sectionId)));
  }

  /** Cancels tickets, or leaves the line; see `book` for the errors. */
  async cancel(body: CancelRequest): Promise<CancelResponse> {
    const sectionId = await this.sectionFor(body);
    return toCancelResponse(await this.run(toCancelCommand(body, sectionId)));
  }

  private async run(request: BookingRequest): Promise<Outcome> {
    const [outcome] = await this.engine.run([request]);
    return outcome!;
  }

  private async sectionFor(body: BookRequest | CancelRequest): Promise<string> {
    const sections = await this.directory.sectionsOf(body.eventId);
    const [only] = sections;
    if (only === undefined) throw refusalError({ code: 'event_not_found' });
    if (body.sectionId === undefined) {
      if (sections.length > 1) throw sectionRequired();
      return only;
    }
    if (!sections.includes(body.sectionId)) throw sectionNotFound();
    return body.sectionId;
  }
}
