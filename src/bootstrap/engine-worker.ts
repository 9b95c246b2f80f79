// Must be first: modules loaded before it are not traced.
import { tracing } from './start-tracing.js';
import 'reflect-metadata';
import { parentPort, workerData } from 'node:worker_threads';
import { NestFactory } from '@nestjs/core';
import { AllocationEngine, EngineHost, LaneQueue } from '../allocation/index.js';
import { ConnectionGate, shareHostChoice, TransactionRunner } from '../platform/database/index.js';
import { EngineModule } from './engine.module.js';
import type { EngineWorkerData } from './engine.js';

/** The engine's thread: bootstrap/engine.ts starts it. */
async function main(): Promise<void> {
  const { config, databaseUrl, connections, hostChoice } = workerData as EngineWorkerData;
  shareHostChoice(databaseUrl, hostChoice);
  const module = EngineModule.forRoot(config, databaseUrl, connections, tracing);
  const app = await NestFactory.createApplicationContext(module, {
    logger: false,
    abortOnError: false,
  });
  const stop = async (): Promise<void> => {
    await app.close();
    await tracing?.stop();
  };
  const engine = app.get(AllocationEngine);
  const observed = {
    counts: engine.counts,
    runner: app.get(TransactionRunner),
    gate: app.get(ConnectionGate),
  };
  new EngineHost(parentPort!, app.get(LaneQueue), observed, stop).start();
  // The commands themselves report what is wrong with the database.
  await engine.warmUp().catch(() => undefined);
}

void main();
