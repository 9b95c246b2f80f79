import type { JsonSchema } from '../schema/index.js';
import { type ProblemFacts, PROBLEMS } from '../errors/index.js';

/** `sold_out` → `SoldOut` */
export const pascal = (code: string): string =>
  code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const problemName = (code: string): string => `${pascal(code)}Problem`;

/** What every problem document says (RFC 9457). */
const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'Why a request was refused. Branch on `code`: it is stable.',
  properties: {
    type: { type: 'string', description: 'The code as a URN.' },
    title: { type: 'string', description: 'For people; may get better words.' },
    status: { type: 'integer', description: 'The HTTP status, repeated.' },
    detail: { type: 'string', description: 'For people; may get better words.' },
    instance: { type: 'string', description: 'The address that was asked, without its query.' },
    code: { type: 'string', description: 'What went wrong, for programs.' },
    requestId: { type: 'string', description: 'Finds the request in the log.' },
  },
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'],
};

/** One schema a code, so that a client that looks at `code` knows the further fields. */
export const problemSchemas = (
  refer: (name: string) => JsonSchema,
): Record<string, JsonSchema> => ({
  Problem: PROBLEM,
  ...Object.fromEntries(
    Object.entries(PROBLEMS).map(([code, facts]) => [
      problemName(code),
      { description: facts.meaning, allOf: [refer('Problem'), ownFields(code, facts)] },
    ]),
  ),
});

function ownFields(
  code: string,
  { status, fields = {}, optionalFields = [] }: ProblemFacts,
): JsonSchema {
  const always = Object.keys(fields).filter((name) => !optionalFields.includes(name));
  return {
    type: 'object',
    properties: {
      type: { const: `urn:rowlock:problem:${code}` },
      status: { const: status },
      code: { const: code },
      ...fields,
    },
    required: ['code', ...always],
  };
}
