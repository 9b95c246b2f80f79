import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config/index.js';
import { TRACING, type Tracing } from '../platform/observability/index.js';
import { PLACES_PER_BOOKING_MAX } from './core/rules/admission.js';
import type { CommandRequest, CommandResult } from './engine/command-request.js';
import { Backlog } from './queue/backlog.js';
import { type Client, CommandQueue, type EngineReport } from './queue/command-queue.js';

interface SubmitOptions {
  /** How many places the request concerns, if the caller knows it better. */
  readonly places?: number | undefined;
  /** If it disconnects before the command is begun, the command is left out. */
  readonly client?: Client;
}

/** Queues commands for single sections in lanes. Changes of a whole event call the engine directly. */
@Injectable()
export class AllocationService {
  /** Of commands, by section. */
  readonly backlog: Backlog;
  /** Of requests that may not be parsed yet, by event. */
  readonly arrivals: Backlog;

  constructor(
    @Inject(CONFIG) { QUEUE_SECONDS_MAX }: Pick<Config, 'QUEUE_SECONDS_MAX'>,
    private readonly queue: CommandQueue,
    @Inject(TRACING) private readonly tracing: Tracing | null,
  ) {
    this.backlog = new Backlog(QUEUE_SECONDS_MAX);
    this.arrivals = new Backlog(QUEUE_SECONDS_MAX);
  }

  /**
   * @returns the result; a refusal is an outcome
   * @throws {DomainError} `overloaded`, or how its transaction failed
   */
  async submit(
    request: CommandRequest,
    { places = placesIn(request), client }: SubmitOptions = {},
  ): Promise<CommandResult> {
    const key = request.sectionId;
    this.backlog.enter(key);
    try {
      const origin = this.tracing?.origin();
      return await this.queue.submit({ request, key, weight: places, origin }, client);
    } finally {
      this.backlog.leave(key);
    }
  }

  /** Whether commands would wait too long, over all sections. */
  get isOverloaded(): boolean {
    return this.backlog.isFull || this.arrivals.isFull;
  }

  report(): Promise<EngineReport> {
    return this.queue.report();
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
  if (request.kind === 'sweep') return PLACES_UNKNOWN;
  if (request.kind !== 'cancel' && request.kind !== 'cancelBooking') return 1;
  const { target } = request;
  if (target.by === 'tickets') return target.ticketIds.length;
  const quantity = 'quantity' in target ? target.quantity : undefined;
  return quantity ?? PLACES_UNKNOWN;
}
