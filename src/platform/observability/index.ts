export { type Histogram, newCounter, newGauge, newHistogram, SECONDS_BUCKETS } from './metrics.js';
export { LabelMap } from './label-map.js';
export { type Origin, type Tracing, TRACING } from './tracing.js';
export { type WorkerRun } from './periodic-worker.js';
export { PeriodicWorkers } from './periodic-workers.js';
