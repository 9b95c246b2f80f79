import { type DynamicModule, type Provider, Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { LoggerModule, PinoLogger } from 'nestjs-pino';
import { type Config, CONFIG } from './config/index.js';
import {
  CommitProbeEntity,
  BulkReader,
  bulkReadsOf,
  DatabaseHost,
  DatabaseModule,
  DatabaseReader,
  hostChoiceOf,
  ProbeConnection,
  ReadPool,
} from './database/index.js';
import { ExpensiveReads, RequestTimes, ProblemDetailsFilter } from './http/index.js';
import { FrameworkLogger, LOG_OUTPUT, loggingOptions, type LogOutput } from './logging/index.js';
import { IdempotencyJanitor, IdempotencyKeyEntity } from './idempotency/index.js';
import { LimitSharing, RateLimits } from './rate-limiting/index.js';
import { TRACING, type Tracing } from './observability/index.js';
import { PeriodicWorkers } from './workers/index.js';
import { OutboxMessageEntity } from './outbox/index.js';
import { Clock } from './common/index.js';

const EXPORTED = [
  CONFIG,
  TRACING,
  DatabaseHost,
  DatabaseReader,
  BulkReader,
  ProbeConnection,
  ReadPool,
  ExpensiveReads,
  Clock,
  RequestTimes,
  PeriodicWorkers,
  RateLimits,
  LimitSharing,
];

/** The longest wait of an expensive read for its turn: as long as the read itself may take. */
const WAIT_MS_MAX = 5_000;

/** Reads have connections of their own, opened after the others. */
const readProviders = (config: Config, databaseUrl: string): Provider[] => [
  {
    provide: ReadPool,
    inject: [getDataSourceToken()],
    useFactory: () =>
      ReadPool.open(databaseUrl, {
        size: config.DATABASE_READ_POOL_SIZE,
        readMsMax: config.DATABASE_READ_TIMEOUT_SECONDS * 1000,
      }),
  },
  {
    provide: DatabaseReader,
    inject: [ReadPool],
    useFactory: (pool: ReadPool) => new DatabaseReader(pool),
  },
  {
    provide: BulkReader,
    inject: [ReadPool],
    useFactory: (pool: ReadPool) => new BulkReader(pool),
  },
  {
    provide: ProbeConnection,
    inject: [ReadPool],
    useFactory: (pool: ReadPool) => new ProbeConnection(pool),
  },
  {
    provide: ExpensiveReads,
    useValue: new ExpensiveReads({
      running: bulkReadsOf(config.DATABASE_READ_POOL_SIZE),
      perKey: config.EXPENSIVE_READS_PER_KEY,
      perOrganiser: config.EXPENSIVE_READS_PER_ORGANISER,
      waitMsMax: WAIT_MS_MAX,
    }),
  },
];

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
    connections: number,
  ): DynamicModule {
    return {
      module: PlatformModule,
      imports: [
        LoggerModule.forRoot(loggingOptions(config, logs)),
        DatabaseModule.forRoot(config, databaseUrl, connections),
        TypeOrmModule.forFeature([OutboxMessageEntity, IdempotencyKeyEntity, CommitProbeEntity]),
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: RateLimits, useValue: new RateLimits(config) },
        LimitSharing,
        { provide: LOG_OUTPUT, useValue: logs },
        { provide: TRACING, useValue: tracing },
        ...readProviders(config, databaseUrl),
        {
          provide: DatabaseHost,
          inject: [PinoLogger],
          useFactory: (log: PinoLogger) => new DatabaseHost(hostChoiceOf(databaseUrl), log),
        },
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
