import { Injectable } from '@nestjs/common';
import { LimitSharing } from '../../platform/rate-limiting/index.js';
import { RequestTimes } from '../../platform/http/index.js';
import { versionOf } from '../../platform/common/index.js';
import { WorkerRuns } from '../../platform/observability/index.js';
import { Readiness } from '../readiness.js';
import { type Family, histogram, sample } from './family.js';

const version = versionOf();

const serviceFamilies = (readiness: Readiness, workers: WorkerRuns): Family[] => [
  {
    name: 'rowlock_build_info',
    help: 'Always 1; says which version runs, and on which Node',
    type: 'gauge',
    read: () => [{ labels: { version, node: process.versions.node }, value: 1 }],
  },
  {
    name: 'rowlock_check_up',
    help: 'What readiness looks at: 1 if it is up, by check',
    type: 'gauge',
    read: async () => {
      const { checks } = await readiness.check();
      return Object.entries(checks).map(([check, state]) => ({
        labels: { check },
        value: Number(state === 'up'),
      }));
    },
  },
  {
    name: 'rowlock_worker_runs_total',
    help: 'How often workers did their work, by worker and result',
    type: 'counter',
    read: () =>
      [...workers].flatMap(([worker, { succeeded, failed }]) => [
        { labels: { worker, result: 'ok' }, value: succeeded },
        { labels: { worker, result: 'failed' }, value: failed },
      ]),
  },
];

const httpFamilies = (times: RequestTimes): Family[] => [
  {
    name: 'rowlock_http_request_duration_seconds',
    help: 'Time from the arrival of a request until its answer was sent, by method, route and status',
    type: 'histogram',
    read: () =>
      [...times].flatMap(([[method, route, status], time]) =>
        histogram(time, { method, route, status }),
      ),
  },
];

/** Nothing where nobody wants them to be shared: there it is no fault that they are not. */
const limitFamilies = (sharing: LimitSharing): Family[] => {
  if (!sharing.isWanted) return [];
  return [
    {
      name: 'rowlock_rate_limits_shared',
      help: 'Whether rate limits are added up in Redis; 0 if this instance counts for itself',
      type: 'gauge',
      read: () => sample(Number(sharing.mode === 'shared')),
    },
  ];
};

@Injectable()
export class ServiceMetrics {
  readonly families: readonly Family[];

  constructor(
    readiness: Readiness,
    workers: WorkerRuns,
    times: RequestTimes,
    sharing: LimitSharing,
  ) {
    this.families = [
      ...serviceFamilies(readiness, workers),
      ...httpFamilies(times),
      ...limitFamilies(sharing),
    ];
  }
}
