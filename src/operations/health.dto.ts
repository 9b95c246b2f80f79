import { z } from 'zod';
import { answer, type AnswerOf } from '../platform/index.js';

const CheckResponse = z.enum(['up', 'down', 'draining']);
export type Check = AnswerOf<typeof CheckResponse>;

const CHECKS = z.record(z.string(), CheckResponse);

export const HealthResponse = answer(
  'Health',
  z.object({ status: z.enum(['ok', 'degraded']), uptimeSeconds: z.int().min(0), checks: CHECKS }),
);
export type HealthResponse = AnswerOf<typeof HealthResponse>;

export const LiveResponse = answer('Live', z.object({ status: z.literal('ok') }));
export type LiveResponse = AnswerOf<typeof LiveResponse>;

export const ReadyResponse = answer('Ready', LiveResponse.extend({ checks: CHECKS }));
export type ReadyResponse = AnswerOf<typeof ReadyResponse>;
