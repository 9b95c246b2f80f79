export { Histogram, SECONDS_BUCKETS } from './histogram.js';
export { LabelMap } from './label-map.js';
export { type Origin, type Tracing, TRACING } from './tracing.js';
export { type Runs, WorkerRuns } from './worker-runs.js';
