import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AllocationEngineModule, LaneQueue } from '../allocation/index.js';
import { Clock } from '../platform/common/index.js';
import { type Config, CONFIG } from '../platform/config/index.js';
import { DatabaseModule } from '../platform/database/index.js';
import { type Tracing, TRACING } from '../platform/observability/index.js';

/** The application of the engine's thread: the part of the service that books. */
@Global()
@Module({})
export class EngineModule {
  static forRoot(
    config: Config,
    databaseUrl: string,
    connections: number,
    tracing: Tracing | null,
  ): DynamicModule {
    return {
      module: EngineModule,
      imports: [DatabaseModule.forRoot(config, databaseUrl, connections), AllocationEngineModule],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: TRACING, useValue: tracing },
        Clock,
        LaneQueue,
      ],
      exports: [CONFIG, TRACING, Clock],
    };
  }
}
