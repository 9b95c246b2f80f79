import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { EngineThread } from '../allocation/index.js';
import { reportFatal } from './fatal-errors.js';
import type { Config } from '../platform/config/index.js';

/** Two for each lane: its batch, and one that a locked section delays. */
export const connectionsOfEngine = ({ LANES }: Pick<Config, 'LANES'>): number => 2 * LANES;

export interface EngineWorkerData {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly connections: number;
}

/** Starts the engine in a thread of its own. @throws if it cannot start */
export async function startEngine(config: Config, databaseUrl: string): Promise<EngineThread> {
  const workerData: EngineWorkerData = {
    config,
    databaseUrl,
    connections: connectionsOfEngine(config),
  };
  const engine = new EngineThread(
    () => new Worker(join(__dirname, 'engine-worker.js'), { workerData }),
    (error) => reportFatal(error, 'The engine thread failed; starting another'),
  );
  await engine.open();
  return engine;
}
