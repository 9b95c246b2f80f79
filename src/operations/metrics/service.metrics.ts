import { Injectable } from '@nestjs/common';
import type { Metric } from 'prom-client';
import { LimitSharing } from '../../platform/rate-limiting/index.js';
import { RequestTimes } from '../../platform/http/index.js';
import { versionOf } from '../../platform/common/index.js';
import { newCounter, newGauge } from '../../platform/observability/index.js';
import { PeriodicWorkers } from '../../platform/workers/index.js';
import { Readiness } from '../readiness.js';

const version = versionOf();

@Injectable()
export class ServiceMetrics {
  readonly metrics: readonly Metric[];

  constructor(
    readiness: Readiness,
    workers: PeriodicWorkers,
    times: RequestTimes,
    sharing: LimitSharing,
  ) {
    this.metrics = [
      buildInfo(),
      checkMetric(readiness),
      workerMetric(workers),
      times.histogram,
      // Without Redis in the settings, 0 would look like a fault.
      ...(sharing.isWanted ? [sharingMetric(sharing)] : []),
    ];
  }
}

const buildInfo = (): Metric =>
  newGauge({
    name: 'rowlock_build_info',
    help: 'Always 1; the labels are the versions of Rowlock and Node',
    labelNames: ['version', 'node'],
    collect() {
      this.set({ version, node: process.versions.node }, 1);
    },
  });

const checkMetric = (readiness: Readiness): Metric =>
  newGauge({
    name: 'rowlock_check_up',
    help: '1 if a readiness check passes, by check',
    labelNames: ['check'],
    async collect() {
      const { checks } = await readiness.check();
      for (const [check, state] of Object.entries(checks)) {
        this.set({ check }, Number(state === 'up'));
      }
    },
  });

const workerMetric = (workers: PeriodicWorkers): Metric =>
  newCounter({
    name: 'rowlock_worker_runs_total',
    help: 'Runs of the background workers, by worker and result',
    labelNames: ['worker', 'result'],
    collect() {
      this.reset();
      for (const [worker, { succeeded, failed }] of workers) {
        this.inc({ worker, result: 'ok' }, succeeded);
        this.inc({ worker, result: 'failed' }, failed);
      }
    },
  });

const sharingMetric = (sharing: LimitSharing): Metric =>
  newGauge({
    name: 'rowlock_rate_limits_shared',
    help: '1 while rate limits are shared through Redis; 0 while this instance counts by itself',
    collect() {
      this.set(Number(sharing.mode === 'shared'));
    },
  });
