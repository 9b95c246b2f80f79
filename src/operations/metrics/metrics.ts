import { Injectable } from '@nestjs/common';
import type { Metric } from 'prom-client';
import {
  AllocationEngine,
  AllocationService,
  backlogMetrics,
  commandMetrics,
} from '../../allocation/index.js';
import { textOf, valuesOf } from '../../platform/observability/index.js';
import { ClockDifference } from '../clock-difference.js';
import { clockMetric } from './clock.metrics.js';
import { DatabaseMetrics } from './database.metrics.js';
import { processMetrics } from './process.metrics.js';
import { ServiceMetrics } from './service.metrics.js';

/** All metrics of this instance. */
@Injectable()
export class Metrics {
  private readonly own: readonly Metric[];

  constructor(
    service: ServiceMetrics,
    private readonly allocation: AllocationService,
    { counts }: AllocationEngine,
    database: DatabaseMetrics,
    clocks: ClockDifference,
  ) {
    this.own = [
      ...service.metrics,
      ...commandMetrics(counts),
      ...backlogMetrics([allocation.backlog, allocation.arrivals]),
      ...database.metrics,
      clockMetric(clocks),
      ...processMetrics(),
    ];
  }

  /** In Prometheus' text format. */
  async text(): Promise<string> {
    const [own, { metrics }] = await Promise.all([valuesOf(this.own), this.allocation.report()]);
    return textOf([own, metrics]);
  }
}
