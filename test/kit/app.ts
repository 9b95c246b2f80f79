import type { Server } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ErrorDescription } from '../../src/platform/logging/describe-error.js';
import { Contract } from './contract.js';
import type { settings } from '../../src/platform/config/config.js';
import type { TestDatabase } from './database.js';
import { logWatch } from './log-watch.js';

/** Settings, by their names. */
export type Environment = Readonly<Partial<Record<keyof (typeof settings)['shape'], string>>>;

export interface TestApp {
  /** For supertest. */
  readonly server: Server;
  readonly nest: NestFastifyApplication;
  /** All that this process has logged, including other applications in the test file. */
  readonly log: readonly LogLine[];
}

/** Fields that the tests read; each line has some of them. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly requestId?: string;
  readonly error?: ErrorDescription;
}

const { TEST_LANES, TEST_INSTANCES = '1' } = process.env;

/** Settings of all services under test, unless a test overrides them. */
export const sharedEnvironment: NodeJS.ProcessEnv =
  TEST_LANES === undefined ? {} : { LANES: TEST_LANES };

/**
 * Gives a test file the application in this process, on the file's database. With TEST_INSTANCES=2
 * there are two, and requests go to them in turn; a test with its own settings has one. The file
 * fails if an answer differs from the OpenAPI document, or if the log contains anything private.
 */
export function useApp(database: TestDatabase, environment: Environment = {}): TestApp {
  const instances = Object.keys(environment).length === 0 ? Number(TEST_INSTANCES) : 1;
  let apps: NestFastifyApplication[] = [];
  const contracts: Contract[] = [];
  let turn = 0;
  const open = async (): Promise<NestFastifyApplication> => {
    // Not at the top: jest loads everything anew for each file, and many files need no application.
    const { createApp } = await import('../../src/bootstrap/create-app.js');
    const { OpenApi } = await import('../../src/platform/openapi/index.js');
    const { loadConfig } = await import('../../src/platform/config/index.js');
    const own = { NODE_ENV: 'test', LOG_LEVEL: 'trace', ...sharedEnvironment, ...environment };
    logWatch.secrets.addSecrets({ ...own, DATABASE_URL: database.url });
    const app = await createApp(loadConfig(own), database.url, logWatch.output);
    const contract = new Contract(app.get(OpenApi).document);
    const fastify = app.getHttpAdapter().getInstance();
    contract.watch(fastify);
    logWatch.watch(fastify);
    contracts.push(contract);
    await app.listen({ host: '127.0.0.1', port: 0 });
    return app;
  };
  beforeAll(async () => {
    apps = await Promise.all(Array.from({ length: instances }, open));
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    for (const contract of contracts) contract.assertKept();
    logWatch.assertKept();
  });
  return {
    get nest() {
      return apps[0]!;
    },
    get log() {
      return logWatch.lines.map((line) => JSON.parse(line) as LogLine);
    },
    get server() {
      turn += 1;
      return apps[turn % apps.length]!.getHttpServer();
    },
  };
}
