import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { TRACING, type Tracing, valuesOf } from '../../platform/observability/index.js';
import {
  type Client,
  CommandQueue,
  type EngineReport,
  type QueuedRequest,
} from './command-queue.js';
import { waitMsMaxOf } from './backlog.js';
import { laneMetrics } from './engine-metrics.js';
import { AllocationEngine } from '../engine/allocation-engine.js';
import type { CommandResult } from '../engine/command-request.js';
import { Lanes } from '../lanes/lanes.js';

/** Runs commands in this thread: in lanes, by the engine. */
@Injectable()
export class LaneQueue extends CommandQueue {
  private readonly lanes: Lanes<QueuedRequest, CommandResult>;
  private readonly metrics;

  constructor(
    private readonly engine: AllocationEngine,
    @Inject(CONFIG) config: Config,
    @Inject(TRACING) private readonly tracing: Tracing | null,
  ) {
    super();
    const { LANES: lanes, QUEUE_SECONDS_MAX } = config;
    const waitMsMax = waitMsMaxOf(QUEUE_SECONDS_MAX);
    this.lanes = new Lanes({ lanes, waitMsMax }, (batch) => this.run(batch));
    this.metrics = laneMetrics(this.lanes);
  }

  submit(command: QueuedRequest, client?: Client): Promise<CommandResult> {
    if (client === undefined) return this.lanes.submit(command);
    return this.lanes.submit({
      ...command,
      get isAbandoned() {
        return client.destroyed;
      },
    });
  }

  async report(): Promise<EngineReport> {
    const [metrics, writes] = await Promise.all([
      valuesOf(this.metrics),
      this.engine.writes.check(),
    ]);
    return { lanes: this.lanes.states, writes, metrics, writtenMsAgo: this.engine.writtenMsAgo };
  }

  private run(batch: readonly QueuedRequest[]): Promise<readonly CommandResult[]> {
    const requests = batch.map(({ request }) => request);
    if (this.tracing === null) return this.engine.run(requests);
    const origins = batch.flatMap(({ origin }) => origin ?? []);
    return this.tracing.together('bookings.batch', origins, () => this.engine.run(requests));
  }
}
