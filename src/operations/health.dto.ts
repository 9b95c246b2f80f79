import { z } from 'zod';
import { answer, type AnswerOf } from '../platform/schema/index.js';

const ChecksResponse = z.object({
  service: z.enum(['up', 'draining']),
  database: z.enum(['up', 'down']),
  lanes: z.enum(['up', 'full', 'stuck']),
});
export type Checks = AnswerOf<typeof ChecksResponse>;

export const HealthResponse = answer(
  'Health',
  z.object({
    status: z.enum(['ok', 'degraded']),
    uptimeSeconds: z.int().min(0),
    checks: ChecksResponse.extend({ rateLimits: z.enum(['local', 'shared']) }),
  }),
);
export type HealthResponse = AnswerOf<typeof HealthResponse>;

export const LiveResponse = answer('Live', z.object({ status: z.literal('ok') }));
export type LiveResponse = AnswerOf<typeof LiveResponse>;

export const ReadyResponse = answer('Ready', LiveResponse.extend({ checks: ChecksResponse }));
export type ReadyResponse = AnswerOf<typeof ReadyResponse>;
