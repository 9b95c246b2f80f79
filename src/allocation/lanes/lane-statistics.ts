import { newHistogram, SECONDS_BUCKETS } from '../../platform/observability/index.js';

/** Commands of one batch, as powers of two. */
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** What has happened in lanes since the start, for the metrics. */
export class LaneStatistics {
  /** Commands that found their lane full. */
  refused = 0;
  /** Commands that had waited too long when their turn came. */
  late = 0;
  /** Commands of each batch. */
  readonly batchSizes = newHistogram({
    name: 'rowlock_batch_commands',
    help: 'Commands per batch',
    buckets: SIZES,
  });
  /** Seconds that each batch took. */
  readonly batchTimes = newHistogram({
    name: 'rowlock_batch_duration_seconds',
    help: 'Duration of a batch: its transaction and all retries',
    buckets: SECONDS_BUCKETS,
  });
  /** Seconds that each command waited for its batch to begin. */
  readonly waits = newHistogram({
    name: 'rowlock_lane_wait_seconds',
    help: 'Time a command waits in its lane before its batch starts',
    buckets: SECONDS_BUCKETS,
  });
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
