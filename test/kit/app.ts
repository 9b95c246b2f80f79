import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import { loadConfig } from '../../src/platform/index.js';
import type { TestDatabase } from './database.js';

export interface TestApp {
  /** For supertest. */
  readonly server: Server;
  readonly nest: NestFastifyApplication;
}

/** Gives a test file the application in this process, on the file's database. */
export function useApp(database: TestDatabase, environment: NodeJS.ProcessEnv = {}): TestApp {
  let app: NestFastifyApplication | undefined;
  beforeAll(async () => {
    const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...environment });
    app = await createApp(config, database.url);
    await app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(() => app?.close());
  return {
    get nest() {
      return app!;
    },
    get server() {
      return app!.getHttpServer();
    },
  };
}
