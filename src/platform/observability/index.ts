export type { Histogram } from 'prom-client';
export { LabelMap } from './label-map.js';
export { newCounter, newGauge, newHistogram, SECONDS_BUCKETS } from './metrics.js';
export { type Origin, type Tracing, TRACING } from './tracing.js';
