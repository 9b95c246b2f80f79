// Must be first: modules loaded before it are not traced.
import { tracing } from './bootstrap/start-tracing.js';
import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { printBanner, speaker } from './bootstrap/banner.js';
import { helpText, parseArguments } from './bootstrap/command-line.js';
import { BACKLOG, noteLowLimits } from './bootstrap/connection-limits.js';
import { createEngine } from './bootstrap/engine.js';
import type { EngineThread } from './allocation/index.js';
import { UsageError } from './platform/common/index.js';
import { createApp } from './bootstrap/create-app.js';
import { exitOnFatalErrors } from './bootstrap/fatal-errors.js';
import { expectFreePort, PortError } from './bootstrap/listen-address.js';
import { shutDownOnSignal } from './bootstrap/shutdown.js';
import { type Config, ConfigError, loadConfig } from './platform/config/index.js';
import { DatabaseUrlError, databaseErrorFacts } from './platform/database/index.js';
import {
  EmbeddedServerError,
  openDatabase,
  type OpenDatabase,
  SchemaError,
} from './embedded-mysql/index.js';
import { standardOutput } from './platform/logging/index.js';
import { versionOf } from './platform/common/index.js';

const MISUSED = 2;

async function main(): Promise<void> {
  const command = parseArguments(process.argv.slice(2));
  if (command === 'help') return print(helpText());
  if (command === 'version') return print(versionOf());
  await serve(loadConfig());
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function serve(config: Config): Promise<void> {
  // The reader of standard output may be gone by the time we stop; that is no reason to fail.
  process.stdout.on('error', () => undefined);
  const say = speaker(config, print);
  await expectFreePort(config.HOST, config.PORT);
  const database = await openDatabase(config, say);
  const engine = createEngine(config, database.url);
  const app = await listen(config, database, engine);
  const address = (await app.getUrl()).replace('[::1]', 'localhost');
  noteLowLimits(config, say);
  printBanner(config, address, database.description, say);
  shutDownOnSignal({ config, app, engine, database, tracing, explain, say });
}

async function listen(
  config: Config,
  database: OpenDatabase,
  engine: EngineThread,
): Promise<NestFastifyApplication> {
  try {
    // Side by side: each takes about a second.
    const [app] = await Promise.all([
      createApp(config, database.url, standardOutput(config), tracing, engine),
      engine.open(),
    ]);
    await app.listen({ host: config.HOST, port: config.PORT, backlog: BACKLOG });
    return app;
  } catch (error) {
    await engine.close();
    await database.close();
    throw error;
  }
}

const SET_UP_ERRORS = [
  ConfigError,
  DatabaseUrlError,
  EmbeddedServerError,
  PortError,
  SchemaError,
  UsageError,
];

/** Set-up mistakes are explained in one sentence; anything else is a bug and shows its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (SET_UP_ERRORS.some((type) => error instanceof type)) return error.message;
  const facts = databaseErrorFacts(error);
  if (facts === undefined) return error.stack ?? error.message;
  const hint = facts.code === 'EADDRINUSE' ? 'The port is already in use: set PORT. ' : '';
  return `${hint}${error.message || facts.code}`;
}

exitOnFatalErrors();
main().catch((error: unknown) => {
  process.stderr.write(`Rowlock could not start. ${explain(error)}\n`);
  process.exit(error instanceof UsageError ? MISUSED : 1);
});
