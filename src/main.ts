// First: what is loaded before it is not traced.
import { tracing } from './tracing.js';
import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from './app.js';
import { helpText, readArguments, UsageError } from './command-line.js';
import { endWithLastWords } from './last-words.js';
import {
  type Config,
  ConfigError,
  databaseErrorFacts,
  EmbeddedServerError,
  loadConfig,
  openDatabase,
  type OpenDatabase,
  SchemaError,
  standardOutput,
  versionOf,
} from './platform/index.js';
import { expectFreePort, PortError } from './port.js';
import { shutDownOnSignal } from './shutdown.js';

const MISUSED = 2;

const ACCESS_IN_WORDS: Readonly<Record<Config['AUTH_MODE'], string>> = {
  open: 'open: whoever reaches this address may do everything (AUTH_MODE=keys asks for API keys)',
  keys: 'by API key (npm run keys -- --help)',
};

async function main(): Promise<void> {
  const wish = readArguments(process.argv.slice(2));
  if (wish === 'help') return print(helpText());
  if (wish === 'version') return print(versionOf());
  await serve(loadConfig());
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

async function serve(config: Config): Promise<void> {
  const say = speaker(config);
  await expectFreePort(config.HOST, config.PORT);
  const database = await openDatabase(config, say);
  const app = await listen(config, database);
  const address = (await app.getUrl()).replace('[::1]', 'localhost');
  say(`Rowlock    ${versionOf()}, Node ${process.versions.node}, process ${process.pid}`);
  say(`Database   ${database.description}, ${config.DATABASE_POOL_SIZE} connections`);
  say(`Access     ${ACCESS_IN_WORDS[config.AUTH_MODE]}`);
  say(`Lanes      ${config.LANES}, in each of which ${config.LANE_QUEUE_LIMIT} may wait`);
  say(`Listening  ${address}`);
  if (config.NODE_ENV !== 'production') {
    say(`Try        curl -s ${address}/initialize -H 'Content-Type: application/json' \\`);
    say(`             -d '{"name":"First night","totalTickets":2}'`);
  }
  shutDownOnSignal({ config, app, database, tracing, explain });
}

/** A line for people; in production a log line, since there standard output is for machines. */
function speaker(config: Config): (line: string) => void {
  const isProduction = config.NODE_ENV === 'production';
  return (line) =>
    print(isProduction ? JSON.stringify({ level: 30, time: Date.now(), msg: line }) : line);
}

async function listen(config: Config, database: OpenDatabase): Promise<NestFastifyApplication> {
  try {
    const app = await createApp(config, database.url, standardOutput(config), tracing);
    await app.listen({ host: config.HOST, port: config.PORT });
    return app;
  } catch (error) {
    await database.close();
    throw error;
  }
}

const SET_UP_ERRORS = [ConfigError, EmbeddedServerError, PortError, SchemaError, UsageError];

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

endWithLastWords();
main().catch((error: unknown) => {
  process.stderr.write(`Rowlock did not start. ${explain(error)}\n`);
  process.exit(error instanceof UsageError ? MISUSED : 1);
});
