import { z } from 'zod';
import { namedSchema, type ResponseOf, idField, timeField } from '../../platform/schema/index.js';

const Check = namedSchema(
  'AuditCheck',
  z.object({ name: z.string(), kept: z.int(), counted: z.int(), agrees: z.boolean() }),
  'One number that is kept, and the same number counted.',
);
export type Check = ResponseOf<typeof Check>;

const SectionAudit = namedSchema(
  'SectionAudit',
  z.object({
    id: idField(),
    name: z.string(),
    consistent: z.boolean(),
    checks: z.array(Check),
  }),
);
export type SectionAudit = ResponseOf<typeof SectionAudit>;

export const AuditResponse = namedSchema(
  'Audit',
  z.object({
    eventId: idField(),
    consistent: z
      .boolean()
      .describe('Whether every number that is kept agrees with what it counts.'),
    checkedAt: timeField(),
    sections: z.array(SectionAudit),
  }),
);
export type AuditResponse = ResponseOf<typeof AuditResponse>;
