import { newHistogram, SECONDS_BUCKETS } from '../../platform/observability/index.js';

/** Upper bounds for the number of commands in a batch. */
const SIZE_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Counts since the start, for the metrics. */
export class LaneStatistics {
  /** Commands refused because they had waited too long. */
  late = 0;
  /** Commands left out because their client had disconnected. */
  abandoned = 0;
  /** Commands in each batch. */
  readonly batchSizes = newHistogram({
    name: 'rowlock_batch_commands',
    help: 'Commands per batch',
    buckets: SIZE_BUCKETS,
  });
  /** Seconds that each batch took. */
  readonly batchTimes = newHistogram({
    name: 'rowlock_batch_duration_seconds',
    help: 'Duration of a batch: its transaction and all retries',
    buckets: SECONDS_BUCKETS,
  });
  /** Seconds that each command waited for its batch to start. */
  readonly waits = newHistogram({
    name: 'rowlock_lane_wait_seconds',
    help: 'Time a command waits in its lane before its batch starts',
    buckets: SECONDS_BUCKETS,
  });
}

/** One lane at this moment. */
export interface LaneState {
  /** Number of commands that wait. */
  readonly waiting: number;
  /** Sections that could not be locked, and are tried alone. */
  readonly locked: number;
  /** How long the oldest running batch has been running; 0 if there is none. */
  readonly busyMs: number;
}
