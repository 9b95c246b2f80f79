import { Injectable } from '@nestjs/common';
import type { Metric } from 'prom-client';
import {
  AllocationEngine,
  AllocationService,
  backlogMetrics,
  commandMetrics,
} from '../../allocation/index.js';
import { textOf, valuesOf } from '../../platform/observability/index.js';
import { DatabaseMetrics } from './database.metrics.js';
import { processMetrics } from './process.metrics.js';
import { ServerMetrics } from './server.metrics.js';
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
    server: ServerMetrics,
  ) {
    this.own = [
      ...service.metrics,
      ...commandMetrics(counts),
      ...backlogMetrics([allocation.backlog, allocation.arrivals]),
      ...database.metrics,
      ...server.metrics,
      ...processMetrics(),
    ];
  }

  /** In Prometheus' text format. */
  async text(): Promise<string> {
    const [own, { metrics }] = await Promise.all([valuesOf(this.own), this.allocation.report()]);
    return textOf([own, metrics]);
  }
}
