import { Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { BookingsMetrics } from './bookings.metrics.js';
import { DatabaseMetrics } from './database.metrics.js';
import { registryOf } from './family.js';
import { processFamilies } from './process.metrics.js';
import { ServiceMetrics } from './service.metrics.js';

/** All that can be measured of this instance. */
@Injectable()
export class Metrics {
  private readonly registry: Registry;

  constructor(service: ServiceMetrics, bookings: BookingsMetrics, database: DatabaseMetrics) {
    this.registry = registryOf([
      ...service.families,
      ...bookings.families,
      ...database.families,
      ...processFamilies(),
    ]);
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
