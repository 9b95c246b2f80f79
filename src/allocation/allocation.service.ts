import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/index.js';
import { type Origin, TRACING, type Tracing } from '../platform/observability/index.js';
import { PLACES_PER_BOOKING_MAX } from './core/rules/admission.js';
import { AllocationEngine } from './engine/allocation-engine.js';
import type { CommandRequest, CommandResult } from './engine/command-request.js';
import type { LanesView } from './lanes/lane-statistics.js';
import { Lanes } from './lanes/lanes.js';

interface SubmittedCommand {
  readonly request: CommandRequest;
  /** Its section: the lane. */
  readonly key: string;
  readonly weight: number;
  /** The trace of its request, if there is one: a batch is part of several traces. */
  readonly origin: Origin | undefined;
}

/** Queues commands for single sections in lanes. Changes of a whole event call the engine directly. */
@Injectable()
export class AllocationService {
  private readonly lanes: Lanes<SubmittedCommand, CommandResult>;

  constructor(
    private readonly engine: AllocationEngine,
    @Inject(CONFIG) config: Config,
    @Inject(TRACING) private readonly tracing: Tracing | null,
  ) {
    const options = { lanes: config.LANES, queueLimit: config.LANE_QUEUE_LIMIT };
    this.lanes = new Lanes(options, (batch) => this.run(batch));
  }

  get lanesView(): LanesView {
    return this.lanes;
  }

  /**
   * @param places how many places the request concerns, if the caller knows it better
   * @returns the result; a refusal is an outcome
   * @throws {DomainError} `overloaded`, or how its transaction failed
   */
  submit(request: CommandRequest, places = placesIn(request)): Promise<CommandResult> {
    const origin = this.tracing?.origin();
    return this.lanes.submit({ request, key: request.sectionId, weight: places, origin });
  }

  private run(batch: readonly SubmittedCommand[]): Promise<readonly CommandResult[]> {
    const requests = batch.map(({ request }) => request);
    if (this.tracing === null) return this.engine.run(requests);
    const origins = batch.flatMap(({ origin }) => origin ?? []);
    return this.tracing.together('bookings.batch', origins, () => this.engine.run(requests));
  }
}

/** An estimate for a whole booking, or for the overdue holds of a section. */
const PLACES_UNKNOWN = 100;

/** How many places a request concerns, as far as it says. */
function placesIn(request: CommandRequest): number {
  if ('quantity' in request) {
    // A request for more than the maximum is refused, which is no work: it needs no batch of its own.
    return request.quantity > PLACES_PER_BOOKING_MAX ? 1 : request.quantity;
  }
  if (request.kind === 'expire') return PLACES_UNKNOWN;
  if (request.kind !== 'cancel' && request.kind !== 'cancelBooking') return 1;
  const { target } = request;
  if (target.by === 'tickets') return target.ticketIds.length;
  const quantity = 'quantity' in target ? target.quantity : undefined;
  return quantity ?? PLACES_UNKNOWN;
}
