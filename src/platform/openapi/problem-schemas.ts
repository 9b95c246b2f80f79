import type { JsonSchema } from '../schema/index.js';
import { type ProblemFacts, PROBLEMS } from '../errors/index.js';

/** `sold_out` → `SoldOut` */
export const pascal = (code: string): string =>
  code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

export const problemName = (code: string): string => `${pascal(code)}Problem`;

/** The fields of every problem document (RFC 9457). */
const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'Why a request failed. Branch on `code`: it is stable.',
  properties: {
    type: { type: 'string', description: 'The code as a URN.' },
    title: { type: 'string', description: 'A human-readable summary; its wording may change.' },
    status: { type: 'integer', description: 'The HTTP status, repeated.' },
    detail: {
      type: 'string',
      description: 'A human-readable explanation; its wording may change.',
    },
    instance: { type: 'string', description: 'The path of the request, without its query.' },
    code: { type: 'string', description: 'The error, for programs.' },
    requestId: { type: 'string', description: "The request's id in the log." },
  },
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'],
};

/** One schema per code, so that `code` tells a client which other fields there are. */
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
