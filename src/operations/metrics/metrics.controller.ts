import { Controller, Get, Header } from '@nestjs/common';
import { Registry } from 'prom-client';
import { NeedsKey, Unlimited } from '../../platform/http/index.js';
import { ApiHidden } from '../../platform/schema/index.js';
import { Metrics } from './metrics.js';

/** For Prometheus. No limits here: an overloaded instance is the one to be looked at. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Unlimited()
  @ApiHidden()
  @NeedsKey('metrics:read')
  @Header('Content-Type', Registry.PROMETHEUS_CONTENT_TYPE)
  read(): Promise<string> {
    return this.metrics.text();
  }
}
