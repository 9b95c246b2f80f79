import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CommandQueue, ENGINE_THREAD } from './command-queue.js';

/** Says where the engine runs. */
@Global()
@Module({})
export class EngineThreadModule {
  /** @param thread null to run the engine in this thread */
  static forRoot(thread: CommandQueue | null): DynamicModule {
    return {
      module: EngineThreadModule,
      providers: [{ provide: ENGINE_THREAD, useValue: thread }],
      exports: [ENGINE_THREAD],
    };
  }
}
