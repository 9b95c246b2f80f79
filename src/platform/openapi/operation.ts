import {
  type JsonSchema,
  schemaNameOf,
  type RequestClass,
  requestSchema,
  UUID_SCHEMA,
} from '../schema/index.js';
import { type ProblemCode, PROBLEMS } from '../errors/index.js';
import type { Example } from './examples.js';
import { type AnswerHeaderName, REQUEST_HEADERS } from './headers.js';
import { problemName } from './problem-schemas.js';
import { codesOf, isChange } from './refusals.js';
import type { Route } from './routes.js';
import { tagOf } from './tags.js';

type Section = 'schemas' | 'headers' | 'parameters' | 'responses';

export const reference = (section: Section, name: string): JsonSchema => ({
  $ref: `#/components/${section}/${name}`,
});

export const referToSchema = (name: string): JsonSchema => reference('schemas', name);

/** An address as OpenAPI says it. */
export function operationObject(route: Route, examples: readonly Example[]): JsonSchema {
  const { operation, access, body } = route;
  const { id, summary, description } = operation;
  const own = examples.filter((example) => example.operation === id);
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    tags: [tagOf(route.path)],
    ...(access !== 'public' && { security: [{ bearer: access === 'key' ? [] : [access] }] }),
    parameters: parametersOf(route, own),
    ...(body !== undefined && { requestBody: bodyOf(body, own) }),
    responses: responsesOf(route, own),
  };
}

function parametersOf(route: Route, examples: readonly Example[]): JsonSchema[] {
  const inPath = route.parameters.map((name) =>
    parameter(name, 'path', UUID_SCHEMA, { required: true, examples }),
  );
  const schema = route.query && requestSchema(route.query, ({ name }) => referToSchema(name));
  const fields = Object.entries((schema?.['properties'] ?? {}) as Record<string, JsonSchema>);
  const required = (schema?.['required'] ?? []) as readonly string[];
  const inQuery = fields.map(([name, field]) =>
    parameter(name, 'query', field, { required: required.includes(name), examples }),
  );
  const headers: (keyof typeof REQUEST_HEADERS)[] = ['RequestId'];
  if (isChange(route)) headers.push('IdempotencyKey');
  if (route.readsIfMatch) headers.push('IfMatch');
  const inHeaders = headers.map((name) => reference('parameters', name));
  return [...inPath, ...inQuery, ...inHeaders];
}

function parameter(
  name: string,
  where: 'path' | 'query',
  { description, ...schema }: JsonSchema,
  { required, examples }: { readonly required: boolean; readonly examples: readonly Example[] },
): JsonSchema {
  const values = examples.map(({ request }) => request[where]?.[name]);
  const example = values.find((value) => value !== undefined);
  return {
    name,
    in: where,
    required,
    ...(description !== undefined && { description }),
    schema,
    ...(example !== undefined && {
      example: schema['type'] === 'integer' ? Number(example) : example,
    }),
  };
}

/** A body of which every field may be left out may be left out, too. */
function bodyOf(type: RequestClass, examples: readonly Example[]): JsonSchema {
  const sent = examples.filter(({ request }) => request.body !== undefined);
  const { required, else: otherwise } = requestSchema(type, ({ name }) => referToSchema(name));
  return {
    required: required !== undefined || otherwise !== undefined,
    content: {
      'application/json': {
        schema: referToSchema(type.name),
        ...named(sent, ({ request }) => request.body),
      },
    },
  };
}

const named = (examples: readonly Example[], valueOf: (example: Example) => unknown): JsonSchema =>
  examples.length === 0
    ? {}
    : {
        examples: Object.fromEntries(
          examples.map((example, nth) => [
            `example${nth + 1}`,
            { summary: example.summary, value: valueOf(example) },
          ]),
        ),
      };

function responsesOf(route: Route, examples: readonly Example[]): JsonSchema {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of codesOf(route)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const refusals = [...byStatus].map(([status, codes]) => {
    const own = examples.filter(({ answer }) => answer.status === status);
    return [status, refusal(route, codes, own)] as const;
  });
  return Object.fromEntries([[route.status, success(route, examples)], ...refusals]);
}

function success(route: Route, examples: readonly Example[]): JsonSchema {
  const { answer, headers = [], summary } = route.operation;
  const name = answer && schemaNameOf(answer);
  const names: AnswerHeaderName[] = [...headersOfAll(route), ...headers];
  if (name?.endsWith('Page') === true) names.push('Link');
  if (isChange(route)) names.push('Idempotency-Replayed');
  const own = examples.filter((example) => example.answer.status === route.status);
  return {
    description: `${summary}.`,
    headers: headersOf(names),
    ...(name !== undefined && {
      content: {
        'application/json': {
          schema: referToSchema(name),
          ...named(own, (example) => example.answer.body),
        },
      },
    }),
  };
}

function refusal(
  route: Route,
  codes: readonly ProblemCode[],
  examples: readonly Example[],
): JsonSchema {
  const facts = codes.map((code) => [code, PROBLEMS[code]] as const);
  const { status } = facts[0]![1];
  const names = headersOfAll(route);
  if (status === 401) names.push('WWW-Authenticate');
  if (status === 429 || status === 503) names.push('Retry-After');
  if (isChange(route) && facts.some(([, { isStored }]) => isStored))
    names.push('Idempotency-Replayed');
  const schemas = codes.map((code) => referToSchema(problemName(code)));
  return {
    description: facts.map(([code, { meaning }]) => `\`${code}\`: ${meaning}.`).join('\n\n'),
    headers: headersOf(names),
    content: {
      'application/problem+json': {
        schema: schemas.length === 1 ? schemas[0] : { oneOf: schemas },
        ...named(examples, ({ answer }) => answer.body),
      },
    },
  };
}

/** Headers of every answer of an address. */
const headersOfAll = ({ isOperational }: Route): AnswerHeaderName[] =>
  isOperational ? ['X-Request-Id'] : ['X-Request-Id', 'RateLimit-Policy', 'RateLimit'];

const headersOf = (names: readonly AnswerHeaderName[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, reference('headers', name)]));
