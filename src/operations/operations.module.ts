import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { OpenApi } from './openapi/openapi.service.js';
import { Readiness } from './readiness.js';

@Module({
  controllers: [HealthController, OpenApiController],
  providers: [Readiness, OpenApi],
  exports: [Readiness, OpenApi],
})
export class OperationsModule {}
