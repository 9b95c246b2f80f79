import { z } from 'zod';
import { answer, type AnswerOf, idField, timeField } from '../../platform/schema/index.js';

const Check = answer(
  'AuditCheck',
  z.object({ name: z.string(), kept: z.int(), counted: z.int(), agrees: z.boolean() }),
  'One number that is kept, and the same number counted.',
);
export type Check = AnswerOf<typeof Check>;

const SectionAudit = answer(
  'SectionAudit',
  z.object({
    id: idField(),
    name: z.string(),
    consistent: z.boolean(),
    checks: z.array(Check),
  }),
);
export type SectionAudit = AnswerOf<typeof SectionAudit>;

export const AuditResponse = answer(
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
export type AuditResponse = AnswerOf<typeof AuditResponse>;
