export { Distribution, SECONDS } from './histogram.js';
export { ByLabels } from './label-map.js';
export { type Origin, type Tracing, TRACING } from './tracing.js';
export { type Runs, WorkerRuns } from './worker-runs.js';
