import { z } from 'zod';
import { namedSchema, type ResponseOf } from '../platform/schema/index.js';

const ChecksResponse = z.object({
  service: z.enum(['up', 'draining']),
  database: z.enum(['up', 'down']),
  lanes: z.enum(['up', 'full', 'stuck']),
});
export type Checks = ResponseOf<typeof ChecksResponse>;

export const HealthResponse = namedSchema(
  'Health',
  z.object({
    status: z.enum(['ok', 'degraded']),
    uptimeSeconds: z.int().min(0),
    checks: ChecksResponse.extend({ rateLimits: z.enum(['local', 'shared']) }),
  }),
);
export type HealthResponse = ResponseOf<typeof HealthResponse>;

export const LiveResponse = namedSchema('Live', z.object({ status: z.literal('ok') }));
export type LiveResponse = ResponseOf<typeof LiveResponse>;

export const ReadyResponse = namedSchema('Ready', LiveResponse.extend({ checks: ChecksResponse }));
export type ReadyResponse = ResponseOf<typeof ReadyResponse>;
