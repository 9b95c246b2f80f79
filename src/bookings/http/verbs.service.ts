import { Inject, Injectable } from '@nestjs/common';
import { Lanes, SectionDirectory } from '../../inventory/index.js';
import { type Answered, CONFIG, type Config, type IdempotencyClaim } from '../../platform/index.js';
import { BookingEngine } from '../engine/booking-engine.js';
import type { BookingRequest, Settled } from '../engine/booking-request.js';
import { refusalError, sectionNotFound, sectionRequired } from './refusal-error.js';
import type { BookRequest, BookResponse, CancelRequest, CancelResponse } from './verbs.dto.js';
import {
  toBookCommand,
  toBookResponse,
  toCancelCommand,
  toCancelResponse,
} from './verbs.mappers.js';

type Claim = IdempotencyClaim | undefined;

@Injectable()
export class BookingsService {
  private readonly lanes: Lanes<BookingRequest & { readonly weight: number }, Settled>;

  constructor(
    private readonly directory: SectionDirectory,
    engine: BookingEngine,
    @Inject(CONFIG) config: Config,
  ) {
    const options = { lanes: config.LANES, queueLimit: config.LANE_QUEUE_LIMIT };
    this.lanes = new Lanes(options, (batch) => engine.run(batch));
  }

  /**
   * Books places or joins the line.
   *
   * @throws {DomainError} a refusal (core/refusals.ts), or what a transaction may end in
   */
  async book(body: BookRequest, claim: Claim): Promise<Answered<BookResponse>> {
    const sectionId = await this.sectionFor(body);
    const settled = await this.submit(toBookCommand(body, { sectionId, claim }));
    return { body: toBookResponse(settled), isReplay: settled.isReplay };
  }

  /** Cancels tickets, or leaves the line; see `book` for the errors. */
  async cancel(body: CancelRequest, claim: Claim): Promise<Answered<CancelResponse>> {
    const sectionId = await this.sectionFor(body);
    const settled = await this.submit(toCancelCommand(body, { sectionId, claim }));
    return { body: toCancelResponse(settled), isReplay: settled.isReplay };
  }

  private submit(request: BookingRequest): Promise<Settled> {
    return this.lanes.submit({ ...request, weight: weightOf(request) });
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

/** How many of a booking a cancel is about is known only under the lock. */
const TICKETS_OF_A_BOOKING = 100;

/** Places a request is about, as far as it says. */
function weightOf(request: BookingRequest): number {
  if ('quantity' in request) return request.quantity;
  if (request.kind !== 'cancel' && request.kind !== 'cancelBooking') return 1;
  const { target } = request;
  if (target.by === 'tickets') return target.ticketIds.length;
  const quantity = 'quantity' in target ? target.quantity : undefined;
  return quantity ?? TICKETS_OF_A_BOOKING;
}
