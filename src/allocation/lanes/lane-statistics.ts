import { Histogram, SECONDS_BUCKETS } from '../../platform/observability/index.js';

/** Commands of one batch, as powers of two. */
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What has happened in lanes since the start, for the metrics. */
export class LaneStatistics {
  /** Commands that found their lane full. */
  refused = 0;
  /** Commands that had waited too long when their turn came. */
  late = 0;
  /** Commands of each batch. */
  readonly batchSizes = new Histogram(SIZES);
  /** Seconds that each batch took. */
  readonly batchTimes = new Histogram(SECONDS_BUCKETS);
  /** Seconds that each command waited for its batch to begin. */
  readonly waits = new Histogram(SECONDS_BUCKETS);
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
export interface LanesView {
  readonly states: readonly LaneState[];
  /** Commands that may wait in one lane. */
  readonly queueLimit: number;
  readonly statistics: Readonly<LaneStatistics>;
}
