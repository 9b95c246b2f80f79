import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Metric } from 'prom-client';
import { LimitSharing } from '../../platform/rate-limiting/index.js';
import { HttpAdapter, RequestTimes } from '../../platform/http/index.js';
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
    http: HttpAdapterHost<HttpAdapter>,
  ) {
    this.metrics = [
      buildInfo(),
      checkMetric(readiness),
      workerMetric(workers),
      times.histogram,
      ...unreadMetrics(http.httpAdapter),
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

const unreadMetrics = ({ unread }: HttpAdapter): Metric[] => [
  newGauge({
    name: 'rowlock_unread_response_bytes',
    help: 'Bytes of responses that their clients have not read yet',
    collect() {
      this.set(unread.totals.bytes);
    },
  }),
  newCounter({
    name: 'rowlock_unread_connections_cut_total',
    help: 'Connections closed because their clients did not read the responses',
    collect() {
      this.reset();
      this.inc(unread.totals.cuts);
    },
  }),
];

const sharingMetric = (sharing: LimitSharing): Metric =>
  newGauge({
    name: 'rowlock_rate_limits_shared',
    help: '1 while rate limits are shared through Redis; 0 while this instance counts by itself',
    collect() {
      this.set(Number(sharing.mode === 'shared'));
    },
  });
