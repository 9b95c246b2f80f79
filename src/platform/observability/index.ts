export type { Histogram } from 'prom-client';
export { LabelMap } from './label-map.js';
export {
  type MetricValues,
  newCounter,
  newGauge,
  newHistogram,
  SECONDS_BUCKETS,
  textOf,
  valuesOf,
} from './metrics.js';
export { type Origin, type Tracing, TRACING } from './tracing.js';
