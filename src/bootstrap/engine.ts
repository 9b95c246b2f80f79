import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EngineThread } from '../allocation/index.js';
import { reportFatal } from './fatal-errors.js';
import type { Config } from '../platform/config/index.js';
import { hostChoiceOf } from '../platform/database/index.js';

/** Connections for the transactions that are not the engine's: changes of events, and background work. */
const OTHERS_MAX = 4;

type PoolSize = Pick<Config, 'DATABASE_POOL_SIZE'>;

const connectionsOfOthers = ({ DATABASE_POOL_SIZE }: PoolSize): number =>
  Math.min(OTHERS_MAX, Math.ceil(DATABASE_POOL_SIZE / 5));

const connectionsOfEngine = (config: PoolSize): number =>
  Math.max(1, config.DATABASE_POOL_SIZE - connectionsOfOthers(config));

/** The connections of the pool that are left to the main thread. */
export const connectionsBeside = (engine: EngineThread | null, config: PoolSize): number =>
  engine === null ? config.DATABASE_POOL_SIZE : connectionsOfOthers(config);

export interface EngineWorkerData {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly connections: number;
  /** Both threads use the same host of several. */
  readonly hostChoice: SharedArrayBuffer | undefined;
}

/** The engine in a thread of its own; `open` starts it. */
export function createEngine(config: Config, databaseUrl: string): EngineThread {
  const workerData: EngineWorkerData = {
    config,
    databaseUrl,
    connections: connectionsOfEngine(config),
    hostChoice: hostChoiceOf(databaseUrl)?.shared,
  };
  return new EngineThread(
    () => new Worker(join(__dirname, 'engine-worker.js'), { workerData }),
    (error) => reportFatal(error, 'The engine thread failed; starting another'),
  );
}
