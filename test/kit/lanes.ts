import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CommandQueue } from '../../src/allocation/index.js';
import type { LaneQueue } from '../../src/allocation/queue/lane-queue.js';

/** The lanes of an application that runs them in this process. */
export const lanesOf = (app: NestFastifyApplication): LaneQueue['lanes'] =>
  app.get<LaneQueue>(CommandQueue)['lanes'];
