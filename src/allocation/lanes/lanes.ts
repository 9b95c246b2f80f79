import type { RunBatch } from './isolate-failures.js';
import { Lane } from './lane.js';
import { type LaneState, LaneStatistics } from './lane-statistics.js';
import type { LaneCommand } from './section-queues.js';

export interface LanesOptions {
  readonly lanes: number;
  /** A client that has waited longer has most likely gone: its command is refused, and not begun. */
  readonly waitMsMax: number;
}

/** Spreads the sections over lanes, which run side by side. */
export class Lanes<Command extends LaneCommand, Outcome> {
  private readonly lanes: readonly Lane<Command, Outcome>[];

  /** Since the start, for the metrics. */
  readonly statistics = new LaneStatistics();

  constructor({ lanes, waitMsMax }: LanesOptions, run: RunBatch<Command, Outcome>) {
    this.lanes = Array.from({ length: lanes }, () => new Lane(run, waitMsMax, this.statistics));
  }

  get states(): readonly LaneState[] {
    return this.lanes.map(({ state }) => state);
  }

  /**
   * Queues a command in the lane of its section.
   *
   * @throws {DomainError} `overloaded` if it waited too long: it has not begun
   */
  submit(command: Command): Promise<Outcome> {
    const lane = this.lanes[hash(command.key) % this.lanes.length]!;
    return new Promise((resolve, reject) => {
      lane.add({ command, resolve, reject, queuedAt: performance.now() });
    });
  }
}

/** Spreads keys evenly over the lanes (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
