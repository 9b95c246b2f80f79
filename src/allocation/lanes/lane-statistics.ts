import { Distribution, SECONDS } from '../../platform/observability/index.js';

/** Commands of one batch, as powers of two. */
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What has happened in lanes since the start, for the metrics. */
export class LaneTraffic {
  /** Commands that found their lane full. */
  refused = 0;
  /** Commands that had waited too long when their turn came. */
  late = 0;
  /** Commands of each batch. */
  readonly batchSizes = new Distribution(SIZES);
  /** Seconds that each batch took. */
  readonly batchTimes = new Distribution(SECONDS);
  /** Seconds that each command waited for its batch to begin. */
  readonly waits = new Distribution(SECONDS);
}

/** How one lane is now. */
export interface LaneState {
  /** Commands that wait in it. */
  readonly waiting: number;
  /** The next command is refused. */
  readonly isFull: boolean;
  /** For so long its batch has been running; 0 while none is. */
  readonly busyMs: number;
}

/** What can be seen of lanes from outside. */
export interface LanesWatch {
  readonly states: readonly LaneState[];
  /** Commands that may wait in one lane. */
  readonly queueLimit: number;
  readonly traffic: Readonly<LaneTraffic>;
}
