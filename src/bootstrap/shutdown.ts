import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Readiness } from '../operations/index.js';
import type { Config } from '../platform/config/index.js';
import type { OpenDatabase } from '../embedded-mysql/index.js';
import type { Tracing } from '../platform/observability/index.js';
import type { Say } from './banner.js';

/** Running requests have this long to finish before the process ends all the same. */
const SHUTDOWN_MS_MAX = 30_000;
const ENDED_BY_FORCE = 1;
const INTERRUPTED = 130;

/** What runs, and how it is to end. */
export interface Running {
  readonly config: Config;
  readonly app: NestFastifyApplication;
  readonly database: OpenDatabase;
  readonly tracing: Tracing | null;
  /** An error in words, for whoever watches. */
  readonly explain: (error: unknown) => string;
  readonly say: Say;
}

/**
 * Ends the process at SIGTERM, from a supervisor, with regard to a load balancer in front; and at
 * SIGINT, from somebody at the keyboard, as soon as running requests have finished. A second signal
 * ends it at once.
 */
export function shutDownOnSignal(running: Running): void {
  let begun = false;
  const shutDown = (signal: NodeJS.Signals): void => {
    if (begun) process.exit(INTERRUPTED);
    begun = true;
    const since = performance.now();
    running.say(`Ending: ${signal}; running requests are answered first`);
    void end(running, signal === 'SIGTERM').then((code) => {
      running.say(`Ended after ${((performance.now() - since) / 1000).toFixed(1)} s`);
      process.exit(code);
    });
  };
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
}

/**
 * Ready no more; then no new connections; then the last requests finish, the pool closes, and our own
 * database stops.
 *
 * @returns the exit code
 */
async function end(running: Running, isGentle: boolean): Promise<number> {
  const { app, config, database, tracing, explain } = running;
  app.get(Readiness).startDraining();
  if (isGentle) await sleep(config.SHUTDOWN_DELAY_SECONDS * 1000);
  setTimeout(() => process.exit(ENDED_BY_FORCE), SHUTDOWN_MS_MAX).unref();
  try {
    const { drain } = app.getHttpAdapter().getInstance();
    if (isGentle) await drain.retire(config.SHUTDOWN_IDLE_SECONDS * 1000);
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
