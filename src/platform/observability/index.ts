export { type Histogram, newCounter, newGauge, newHistogram, SECONDS_BUCKETS } from './metrics.js';
export { LabelMap } from './label-map.js';
export { type Origin, type Tracing, TRACING } from './tracing.js';
