import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { BookingsMetrics } from './bookings.metrics.js';
import { DatabaseMetrics } from './database.metrics.js';
import { registryOf } from './family.js';
import { ServiceMetrics } from './service.metrics.js';

/** CPU, memory, event loop and garbage collection are the process's, however many applications it has. */
let processRegistry: Registry | undefined;

function registryOfProcess(): Registry {
  if (processRegistry !== undefined) return processRegistry;
  processRegistry = new Registry();
  collectDefaultMetrics({ register: processRegistry });
  return processRegistry;
}

/** All that can be measured of this instance. */
@Injectable()
export class Metrics {
  private readonly registry: Registry;

  constructor(service: ServiceMetrics, bookings: BookingsMetrics, database: DatabaseMetrics) {
    const own = registryOf([...service.families, ...bookings.families, ...database.families]);
    this.registry = Registry.merge([own, registryOfProcess()]);
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }
}
