import { type DynamicModule, Module } from '@nestjs/common';
import { AccessModule } from './access/index.js';
import { AllocationModule, type EngineThread, EngineThreadModule } from './allocation/index.js';
import { BookingsModule } from './bookings/index.js';
import { EventsModule } from './events/index.js';
import { HoldsModule } from './holds/index.js';
import { OperationsModule } from './operations/index.js';
import type { Config } from './platform/config/index.js';
import type { LogOutput } from './platform/logging/index.js';
import { PlatformModule } from './platform/platform.module.js';
import type { Tracing } from './platform/observability/index.js';
import { SeatsModule } from './seats/index.js';
import { UsersModule } from './users/index.js';
import { WaitlistModule } from './waitlist/index.js';

interface AppOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  /** For transactions of this thread. */
  readonly connections: number;
  readonly logs: LogOutput;
  readonly tracing: Tracing | null;
  /** Null to run it in this thread. */
  readonly engine: EngineThread | null;
}

/** The only file that lists every module, lowest first; each may use those before it. */
@Module({})
export class AppModule {
  static forRoot({
    config,
    databaseUrl,
    connections,
    logs,
    tracing,
    engine,
  }: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PlatformModule.forRoot(config, databaseUrl, logs, tracing, connections),
        EngineThreadModule.forRoot(engine),
        AccessModule.forRoot(config),
        UsersModule,
        AllocationModule,
        BookingsModule,
        HoldsModule,
        SeatsModule,
        WaitlistModule,
        EventsModule,
        OperationsModule,
      ],
    };
  }
}
