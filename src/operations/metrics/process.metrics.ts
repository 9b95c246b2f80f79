import { monitorEventLoopDelay } from 'node:perf_hooks';
import { samples, type Family, sample } from './family.js';

/** How often it is looked whether the event loop comes in time. */
const LOOK_MS = 10;

const NANOSECONDS = 1e9;

/** From the loop's own delay, the length of a look is taken off: it is there when all is well. */
const secondsLate = (nanoseconds: number): number =>
  Math.max(0, (nanoseconds - LOOK_MS * 1e6) / NANOSECONDS) || 0;

/**
 * Of the process, under the names by which all Node services tell it. Prometheus' library can do
 * this as well, but it also observes every garbage collection, and cannot be told not to: with the
 * thousands of requests a second of one hot event that cost a tenth of the throughput.
 */
export function processFamilies(): Family[] {
  const delay = monitorEventLoopDelay({ resolution: LOOK_MS });
  delay.enable();
  return [...resourceFamilies(), lagFamily(delay)];
}

const resourceFamilies = (): Family[] => [
  {
    name: 'process_cpu_seconds_total',
    help: 'CPU time of the process',
    type: 'counter',
    read: () => {
      const { user, system } = process.cpuUsage();
      return sample((user + system) / 1e6);
    },
  },
  {
    name: 'process_start_time_seconds',
    help: 'When the process was started, in seconds since 1970',
    type: 'gauge',
    read: () => sample(STARTED_AT),
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Memory of the process',
    type: 'gauge',
    read: () => sample(process.memoryUsage.rss()),
  },
  {
    name: 'nodejs_heap_size_bytes',
    help: 'Heap of the process, in use and as large as it has grown',
    type: 'gauge',
    read: () => {
      const { heapUsed, heapTotal } = process.memoryUsage();
      return samples('state', [
        ['used', heapUsed],
        ['total', heapTotal],
      ]);
    },
  },
];

const STARTED_AT = Math.round(Date.now() / 1000 - process.uptime());

/** Since it was read last: of longer times a quantile says nothing about now. */
const lagFamily = (delay: ReturnType<typeof monitorEventLoopDelay>): Family => ({
  name: 'nodejs_eventloop_lag_seconds',
  help: 'How late the event loop came, since the metrics were read last',
  type: 'gauge',
  read: () => {
    const values = samples('quantile', [
      ['0.5', secondsLate(delay.percentile(50))],
      ['0.99', secondsLate(delay.percentile(99))],
      ['1', secondsLate(delay.max)],
    ]);
    delay.reset();
    return values;
  },
});
