import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { connectionsBeside } from './engine.js';
import { AppModule } from '../app.module.js';
import { AllocationService, type EngineThread, SectionDirectory } from '../allocation/index.js';
import type { Config } from '../platform/config/index.js';
import { admitCommands, configureHttp, createHttpAdapter } from '../platform/http/index.js';
import type { LogOutput } from '../platform/logging/index.js';
import type { Tracing } from '../platform/observability/index.js';

/**
 * The whole application on a database whose schema is up to date; not listening yet.
 *
 * @param engine null to run it in this thread, as tests do
 */
export async function createApp(
  config: Config,
  databaseUrl: string,
  logs: LogOutput,
  tracing: Tracing | null = null,
  engine: EngineThread | null = null,
): Promise<NestFastifyApplication> {
  const connections = connectionsBeside(engine, config);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot({ config, databaseUrl, connections, logs, tracing, engine }),
    createHttpAdapter(config),
    // Fastify's own JSON parser: Nest's would also accept forms.
    { bufferLogs: true, abortOnError: false, bodyParser: false },
  );
  configureHttp(app);
  const directory = app.get(SectionDirectory);
  admitCommands(app, app.get(AllocationService).arrivals, (event, section) =>
    directory.queueOf(event, section),
  );
  return app;
}
