import { groupBy } from '../common/index.js';
import { type ProblemCode, PROBLEMS } from '../errors/index.js';
import { type JsonSchema, type SchemaClass, schemaOfClass, UUID_SCHEMA } from '../schema/index.js';
import { reference, referToClass, referToSchema, schemaName } from './components.js';
import type { Example } from './examples.js';
import type { RequestHeader, ResponseHeaderName } from './headers.js';
import { problemName } from './problem-schemas.js';
import { codesOf, isChange } from './refusals.js';
import type { Route } from './routes.js';
import { tagOf } from './tags.js';

/** The operation object of OpenAPI. Like all parts of the document it may hold undefined values. */
export function operationObject(route: Route, all: readonly Example[]): JsonSchema {
  const { operation, access, body } = route;
  const { id, summary, description } = operation;
  const examples = all.filter((example) => example.operation === id);
  return {
    operationId: id,
    summary,
    description,
    tags: [tagOf(route.path)],
    security: access === 'public' ? undefined : [{ bearer: access === 'key' ? [] : [access] }],
    parameters: parametersOf(route, examples),
    requestBody: body && requestBodyOf(body, examples),
    responses: responsesOf(route, examples),
  };
}

function parametersOf(route: Route, examples: readonly Example[]): JsonSchema[] {
  const inPath = route.parameters.map((name) =>
    parameter({ name, in: 'path', required: true, schema: UUID_SCHEMA }, examples),
  );
  const query: QuerySchema = route.query ? schemaOfClass(route.query, referToClass) : {};
  const { properties = {}, required = [] } = query;
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) =>
    parameter(
      { name, in: 'query', required: required.includes(name), description, schema },
      examples,
    ),
  );
  const headers: RequestHeader[] = ['RequestId'];
  if (isChange(route)) headers.push('IdempotencyKey');
  if (route.readsIfMatch) headers.push('IfMatch');
  return [...inPath, ...inQuery, ...headers.map((name) => reference('parameters', name))];
}

interface QuerySchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description?: unknown;
  readonly schema: JsonSchema;
}

function parameter(facts: Parameter, examples: readonly Example[]): JsonSchema {
  const values = examples.map(({ request }) => request[facts.in]?.[facts.name]);
  const value = values.find((one) => one !== undefined);
  const isNumber = value !== undefined && facts.schema['type'] === 'integer';
  return { ...facts, example: isNumber ? Number(value) : value };
}

/** A body without required fields is itself optional. */
function requestBodyOf(type: SchemaClass, examples: readonly Example[]): JsonSchema {
  const { required, else: otherwise } = schemaOfClass(type, referToClass);
  const bodies = examples.filter(({ request }) => request.body !== undefined);
  return {
    required: required !== undefined || otherwise !== undefined,
    content: contentOf(JSON_TYPE, referToClass(type), bodies, ({ request }) => request.body),
  };
}

const JSON_TYPE = 'application/json';

const contentOf = (
  type: string,
  schema: JsonSchema,
  examples: readonly Example[],
  valueOf: (example: Example) => unknown,
): JsonSchema => {
  const named = examples.map((example, index) => {
    return [`example${index + 1}`, { summary: example.summary, value: valueOf(example) }] as const;
  });
  return {
    [type]: { schema, examples: named.length === 0 ? undefined : Object.fromEntries(named) },
  };
};

function responsesOf(route: Route, examples: readonly Example[]): JsonSchema {
  const byStatus = groupBy(codesOf(route), (code) => String(PROBLEMS[code].status));
  const withStatus = (status: unknown) =>
    examples.filter(({ answer }) => String(answer.status) === String(status));
  const refusals = [...byStatus].map(([status, codes]) => {
    return [status, refusalOf(route, codes, withStatus(status))] as const;
  });
  return Object.fromEntries([
    [route.status, successOf(route, withStatus(route.status))],
    ...refusals,
  ]);
}

function successOf(route: Route, examples: readonly Example[]): JsonSchema {
  const { response, headers = [], summary } = route.operation;
  const name = response && schemaName(response);
  const names: ResponseHeaderName[] = [...commonHeadersOf(route), ...headers];
  if (name?.endsWith('Page') === true) names.push('Link');
  if (isChange(route)) names.push('Idempotency-Replayed');
  return {
    description: `${summary}.`,
    headers: headersOf(names),
    content: name && contentOf(JSON_TYPE, referToSchema(name), examples, bodyOf),
  };
}

const bodyOf = ({ answer }: Example): unknown => answer.body;

function refusalOf(
  route: Route,
  codes: readonly ProblemCode[],
  examples: readonly Example[],
): JsonSchema {
  const problems = codes.map((code) => PROBLEMS[code]);
  const { status } = problems[0]!;
  const names = commonHeadersOf(route);
  if (status === 401) names.push('WWW-Authenticate');
  if (status === 429 || status === 503) names.push('Retry-After');
  if (isChange(route) && problems.some(({ isStored }) => isStored))
    names.push('Idempotency-Replayed');
  const schemas = codes.map((code) => referToSchema(problemName(code)));
  const schema = schemas.length === 1 ? schemas[0]! : { oneOf: schemas };
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].meaning}.`).join('\n\n'),
    headers: headersOf(names),
    content: contentOf('application/problem+json', schema, examples, bodyOf),
  };
}

/** Headers of every response of a route. */
const commonHeadersOf = ({ isOperational }: Route): ResponseHeaderName[] =>
  isOperational ? ['X-Request-Id'] : ['X-Request-Id', 'RateLimit-Policy', 'RateLimit'];

const headersOf = (names: readonly ResponseHeaderName[]): JsonSchema =>
  Object.fromEntries(names.map((name) => [name, reference('headers', name)]));
