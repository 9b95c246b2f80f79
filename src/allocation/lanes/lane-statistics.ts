import { Histogram, SECONDS_BUCKETS } from '../../platform/observability/index.js';

/** Upper bounds for the number of commands in a batch. */
const SIZE_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Counts since the start, for the metrics. */
export class LaneStatistics {
  /** Commands refused because their lane was full. */
  refused = 0;
  /** Commands refused because they had waited too long. */
  late = 0;
  /** Commands in each batch. */
  readonly batchSizes = new Histogram(SIZE_BUCKETS);
  /** Seconds that each batch took. */
  readonly batchTimes = new Histogram(SECONDS_BUCKETS);
  /** Seconds that each command waited for its batch to start. */
  readonly waits = new Histogram(SECONDS_BUCKETS);
}

/** One lane at this moment. */
export interface LaneState {
  /** Number of commands that wait. */
  readonly waiting: number;
  /** Whether the next command is refused. */
  readonly isFull: boolean;
  /** How long the current batch has been running; 0 if there is none. */
  readonly busyMs: number;
}

/** The lanes, to be observed. */
export interface LanesView {
  readonly states: readonly LaneState[];
  /** Commands that may wait in one lane. */
  readonly queueLimit: number;
  readonly statistics: Readonly<LaneStatistics>;
}
