import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AllocationMetrics } from './allocation.metrics.js';
import { DatabaseMetrics } from './database.metrics.js';
import { processMetrics } from './process.metrics.js';
import { ServiceMetrics } from './service.metrics.js';

/** All metrics of this instance. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  constructor(service: ServiceMetrics, allocation: AllocationMetrics, database: DatabaseMetrics) {
    const all = [service, allocation, database].flatMap(({ metrics }) => metrics);
    for (const metric of [...all, ...processMetrics()]) this.registry.registerMetric(metric);
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
