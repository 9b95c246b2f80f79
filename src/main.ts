// First: what is loaded before it is not traced.
import { tracing } from './tracing.js';
import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.js';
import { Readiness } from './operations/index.js';
import {
  type Config,
  ConfigError,
  databaseErrorFacts,
  EmbeddedServerError,
  loadConfig,
  openDatabase,
  type OpenDatabase,
  SchemaError,
} from './platform/index.js';

const ACCESS_IN_WORDS: Readonly<Record<Config['AUTH_MODE'], string>> = {
  open: 'open: whoever reaches this address may do everything (AUTH_MODE=keys asks for API keys)',
  keys: 'by API key (npm run keys -- --help)',
};

/** Running requests have this long to finish before the process ends all the same. */
const SHUTDOWN_MS_MAX = 30_000;

/** A line for people; in production a log line, since there standard output is for machines. */
function speaker(config: Config): (line: string) => void {
  const isProduction = config.NODE_ENV === 'production';
  return (line) => {
    const text = isProduction ? JSON.stringify({ level: 30, time: Date.now(), msg: line }) : line;
    process.stdout.write(`${text}\n`);
  };
}

async function main(): Promise<void> {
  const config = loadConfig();
  const say = speaker(config);
  const database = await openDatabase(config, say);
  const app = await listen(config, database);
  const address = (await app.getUrl()).replace('[::1]', 'localhost');
  say(`Database   ${database.description}`);
  say(`Access     ${ACCESS_IN_WORDS[config.AUTH_MODE]}`);
  say(`Listening  ${address}`);
  if (config.NODE_ENV !== 'production') {
    say(`Try        curl -s ${address}/initialize -H 'Content-Type: application/json' \\`);
    say(`             -d '{"name":"First night","totalTickets":2}'`);
  }
  shutDownOnSignal(app, database);
}

async function listen(config: Config, database: OpenDatabase): Promise<NestFastifyApplication> {
  try {
    const app = await createApp(config, database.url, tracing);
    await app.listen({ host: config.HOST, port: config.PORT });
    return app;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Ready no more, then running requests finish, the pool closes, and our own database stops. */
function shutDownOnSignal(app: NestFastifyApplication, database: OpenDatabase): void {
  let begun = false;
  const shutDown = (): void => {
    if (begun) process.exit(130);
    begun = true;
    setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX).unref();
    app.get(Readiness).startDraining();
    void end(app, database).then((code) => process.exit(code));
  };
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
}

/** @returns the exit code */
async function end(app: NestFastifyApplication, database: OpenDatabase): Promise<number> {
  try {
    await app.close();
    await tracing?.stop();
    return 0;
  } catch (error) {
    process.stderr.write(`Shutting down failed. ${explain(error)}\n`);
    return 1;
  } finally {
    await database.close();
  }
}

const SET_UP_ERRORS = [ConfigError, EmbeddedServerError, SchemaError];

/** What people get wrong most often, in a sentence that says what to change. */
const HINTS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is in use by another program: set PORT. ',
  ECONNREFUSED: 'The database of DATABASE_URL does not answer: ',
};

/** Mistakes of the set-up are told in a sentence; all else is a bug and shows where it comes from. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (SET_UP_ERRORS.some((type) => error instanceof type)) return error.message;
  const facts = databaseErrorFacts(error);
  if (facts === undefined) return error.stack ?? error.message;
  return `${HINTS[facts.code ?? ''] ?? ''}${error.message || facts.code}`;
}

main().catch((error: unknown) => {
  process.stderr.write(`Rowlock did not start. ${explain(error)}\n`);
  process.exit(1);
});
