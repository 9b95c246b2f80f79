import { setTimeout as sleep } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Readiness } from '../operations/index.js';
import type { EngineThread } from '../allocation/index.js';
import type { Config } from '../platform/config/index.js';
import type { OpenDatabase } from '../embedded-mysql/index.js';
import type { Tracing } from '../platform/observability/index.js';
import type { Say } from './banner.js';

/** Requests in progress have this long to finish before the process exits anyway. */
const SHUTDOWN_MS_MAX = 30_000;
const ENDED_BY_FORCE = 1;
const INTERRUPTED = 130;

/** The running parts of the service, and what stopping them needs. */
export interface Running {
  readonly config: Config;
  readonly app: NestFastifyApplication;
  readonly engine: EngineThread;
  readonly database: OpenDatabase;
  readonly tracing: Tracing | null;
  /** Describes an error for the operator. */
  readonly explain: (error: unknown) => string;
  readonly say: Say;
}

/**
 * Stops the process on SIGTERM (a supervisor), giving a load balancer in front time to move away, and on
 * SIGINT (a keyboard) as soon as the requests in progress have finished. A second signal stops it
 * immediately.
 */
export function shutDownOnSignal(running: Running): void {
  let begun = false;
  const shutDown = (signal: NodeJS.Signals): void => {
    if (begun) process.exit(INTERRUPTED);
    begun = true;
    const since = performance.now();
    running.say(`Stopping on ${signal}; finishing requests in progress`);
    void end(running, signal === 'SIGTERM').then((code) => {
      running.say(`Stopped after ${((performance.now() - since) / 1000).toFixed(1)} s`);
      process.exit(code);
    });
  };
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
}

/**
 * In order: readiness turns false, new connections are refused, the last requests finish, the pool
 * closes, the embedded database stops.
 *
 * @returns the exit code
 */
async function end(running: Running, isGentle: boolean): Promise<number> {
  const { app, engine, config, database, tracing, explain } = running;
  app.get(Readiness).startDraining();
  if (isGentle) await sleep(config.SHUTDOWN_DELAY_SECONDS * 1000);
  setTimeout(() => process.exit(ENDED_BY_FORCE), SHUTDOWN_MS_MAX).unref();
  try {
    const { drain } = app.getHttpAdapter().getInstance();
    if (isGentle) await drain.retire(config.SHUTDOWN_IDLE_SECONDS * 1000);
    await app.close();
    await Promise.all([engine.close(), tracing?.stop()]);
    return 0;
  } catch (error) {
    process.stderr.write(`Shutdown failed. ${explain(error)}\n`);
    return 1;
  } finally {
    await database.close();
  }
}
