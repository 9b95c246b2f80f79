import { Inject, Injectable } from '@nestjs/common';
import { Lanes } from './lanes/lanes.js';
import type { LanesView } from './lanes/lane-statistics.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { type Origin, TRACING, type Tracing } from '../platform/observability/index.js';
import { AllocationEngine } from './engine/allocation-engine.js';
import { PLACES_PER_BOOKING_MAX } from './core/rules/admission.js';
import type { CommandRequest, CommandResult } from './engine/command-request.js';

type Submitted = CommandRequest & {
  readonly weight: number;
  /** The request that asks, if it is traced: a batch is part of several. */
  readonly origin: Origin | undefined;
};

/** Where the commands of clients go in: each into the lane of its section. */
@Injectable()
export class AllocationService {
  private readonly lanes: Lanes<Submitted, CommandResult>;

  constructor(
    engine: AllocationEngine,
    @Inject(CONFIG) config: Config,
    @Inject(TRACING) private readonly tracing: Tracing | null,
  ) {
    const options = { lanes: config.LANES, queueLimit: config.LANE_QUEUE_LIMIT };
    const run = (batch: readonly Submitted[]): Promise<readonly CommandResult[]> =>
      engine.run(batch);
    this.lanes = new Lanes(options, tracing === null ? run : traced(tracing, run));
  }

  /** What happens in them, to look at. */
  get lanesView(): LanesView {
    return this.lanes;
  }

  /**
   * @param places it is about, if somebody has looked; what the request says, if it says anything
   * @returns what became of it; a refusal is an outcome
   * @throws {DomainError} `overloaded`, or what a transaction may end in
   */
  submit(request: CommandRequest, places = placesOf(request)): Promise<CommandResult> {
    return this.lanes.submit({ ...request, weight: places, origin: this.tracing?.origin() });
  }
}

const traced =
  (tracing: Tracing, run: (batch: readonly Submitted[]) => Promise<readonly CommandResult[]>) =>
  (batch: readonly Submitted[]): Promise<readonly CommandResult[]> => {
    const origins = batch.flatMap(({ origin }) => origin ?? []);
    return tracing.together('bookings.batch', origins, () => run(batch));
  };

/** Of a booking, or of the holds of a section, where nobody has looked. */
const PLACES_OF_ONE = 100;

/** Places a request is about, as far as it says. */
function placesOf(request: CommandRequest): number {
  if ('quantity' in request) return placesWanted(request.quantity);
  if (request.kind === 'expire') return PLACES_OF_ONE;
  if (request.kind !== 'cancel' && request.kind !== 'cancelBooking') return 1;
  const { target } = request;
  if (target.by === 'tickets') return target.ticketIds.length;
  const quantity = 'quantity' in target ? target.quantity : undefined;
  return quantity ?? PLACES_OF_ONE;
}

/** Whoever wants more than a booking may have is refused: that is no work, and needs no batch alone. */
const placesWanted = (quantity: number): number =>
  quantity > PLACES_PER_BOOKING_MAX ? 1 : quantity;
