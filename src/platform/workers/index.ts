export { type WorkerRun } from './periodic-worker.js';
export { PeriodicWorkers } from './periodic-workers.js';
