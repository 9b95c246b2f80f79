import { Module } from '@nestjs/common';
import { AllocationModule } from '../allocation/index.js';
import { ClockDifference } from './clock-difference.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { DatabaseMetrics } from './metrics/database.metrics.js';
import { Metrics } from './metrics/metrics.js';
import { PlaceTotals } from './metrics/place-totals.js';
import { ServerMetrics } from './metrics/server.metrics.js';
import { ServiceMetrics } from './metrics/service.metrics.js';
import { OpenApiController, OpenApi } from '../platform/openapi/index.js';
import { Readiness } from './readiness.js';

@Module({
  imports: [AllocationModule],
  controllers: [HealthController, MetricsController, OpenApiController],
  providers: [
    Readiness,
    ClockDifference,
    Metrics,
    ServiceMetrics,
    ServerMetrics,
    DatabaseMetrics,
    PlaceTotals,
    OpenApi,
  ],
  exports: [Readiness, OpenApi],
})
export class OperationsModule {}
