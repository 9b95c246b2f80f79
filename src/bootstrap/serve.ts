import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EmbeddedServerError, openDatabase } from '../embedded-mysql/index.js';
import { DEFAULT_ORGANISER_ID, SetUpError } from '../platform/common/index.js';
import type { Config } from '../platform/config/index.js';
import {
  databaseErrorFacts,
  DatabaseReader,
  describeDatabaseError,
} from '../platform/database/index.js';
import type { Tracing } from '../platform/observability/index.js';
import { standardOutput } from '../platform/logging/index.js';
import { printBanner, speaker } from './banner.js';
import { BACKLOG, noteLowLimits } from './connection-limits.js';
import { createEngine } from './engine.js';
import { exitOnFatalErrors } from './fatal-errors.js';
import { expectFreePort } from './listen-address.js';
import { type Running, shutDownOnSignal } from './shutdown.js';

interface Serving {
  readonly config: Config;
  readonly tracing: Tracing | null;
  readonly print: (text: string) => void;
}

/** Starts the service, which then runs until a signal stops it. */
export async function serve({ config, tracing, print }: Serving): Promise<void> {
  exitOnFatalErrors();
  // The reader of standard output may be gone by the time we stop; that is no reason to fail.
  process.stdout.on('error', () => undefined);
  const say = speaker(config, print);
  await expectFreePort(config.HOST, config.PORT);
  const database = await openDatabase(config, say);
  const engine = createEngine(config, database.url);
  const app = await listen({ config, tracing, database, engine });
  const address = (await app.getUrl()).replace('[::1]', 'localhost');
  noteLowLimits(config, say);
  const hasUnowned = config.AUTH_MODE === 'keys' && (await hasUnownedEvents(app));
  const facts = { address, database: database.description, hasUnowned };
  printBanner(config, facts, say);
  shutDownOnSignal({ config, app, engine, database, tracing, explain, say });
}

/** Whether there are events without an organiser. The service already runs: a failure must not end it. */
async function hasUnownedEvents(app: NestFastifyApplication): Promise<boolean> {
  const sql = 'SELECT 1 FROM events WHERE organiser_id = ? LIMIT 1';
  return app
    .get(DatabaseReader)
    .query(sql, [DEFAULT_ORGANISER_ID])
    .then(
      (rows) => rows.length > 0,
      () => false,
    );
}

async function listen({
  config,
  tracing,
  database,
  engine,
}: Pick<Running, 'config' | 'tracing' | 'database' | 'engine'>): Promise<NestFastifyApplication> {
  try {
    // The two threads load their modules side by side.
    const [, app] = await Promise.all([
      engine.open(),
      import('./create-app.js').then(({ createApp }) =>
        createApp(config, database.url, standardOutput(config), tracing, engine),
      ),
    ]);
    await app.listen({ host: config.HOST, port: config.PORT, backlog: BACKLOG });
    return app;
  } catch (error) {
    await engine.close();
    await database.close();
    throw error;
  }
}

/** Mistakes in the set-up are explained in one sentence; anything else is a bug and shows its stack. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof SetUpError || error instanceof EmbeddedServerError) return error.message;
  const facts = databaseErrorFacts(error);
  if (facts === undefined) return error.stack ?? error.message;
  const hint = facts.code === 'EADDRINUSE' ? 'The port is already in use: set PORT. ' : '';
  return `${hint}${describeDatabaseError(error)}`;
}
