import { type DynamicModule, Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule } from 'nestjs-pino';
import { type Config, CONFIG } from './config/index.js';
import { DatabaseModule } from './database/index.js';
import { RequestTimes, ProblemDetailsFilter } from './http/index.js';
import { FrameworkLogger, LOG_OUTPUT, loggingOptions, type LogOutput } from './logging/index.js';
import { IdempotencyJanitor, IdempotencyKeyEntity } from './idempotency/index.js';
import { LimitSharing, RateLimits } from './rate-limiting/index.js';
import { TRACING, type Tracing } from './observability/index.js';
import { PeriodicWorkers } from './workers/index.js';
import { OutboxMessageEntity } from './outbox/index.js';
import { Clock } from './common/index.js';

const EXPORTED = [CONFIG, TRACING, Clock, RequestTimes, PeriodicWorkers, RateLimits, LimitSharing];

/**
 * Infrastructure without domain knowledge, for all modules: data source, transactions, clock, HTTP, logs.
 * No code loads entities: repositories use SQL. The entity classes describe the schema, so that
 * test/integration/schema.spec.ts can compare them with what the migrations have created.
 */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(
    config: Config,
    databaseUrl: string,
    logs: LogOutput,
    tracing: Tracing | null,
  ): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        LoggerModule.forRoot(loggingOptions(config, logs)),
        DatabaseModule.forRoot(config, databaseUrl, config.DATABASE_POOL_SIZE),
        TypeOrmModule.forFeature([OutboxMessageEntity, IdempotencyKeyEntity]),
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: RateLimits, useValue: new RateLimits(config) },
        LimitSharing,
        { provide: LOG_OUTPUT, useValue: logs },
        { provide: TRACING, useValue: tracing },
        Clock,
        RequestTimes,
        PeriodicWorkers,
        IdempotencyJanitor,
        FrameworkLogger,
        { provide: APP_FILTER, useClass: ProblemDetailsFilter },
      ],
      exports: EXPORTED,
    };
  }
}
