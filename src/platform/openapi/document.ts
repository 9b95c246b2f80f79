import {
  namedSchemas,
  type JsonSchema,
  type RequestClass,
  requestSchema,
} from '../schema/index.js';
import { SCOPES } from '../http/index.js';
import { versionOf } from '../common/index.js';
import type { Example } from './examples.js';
import { ANSWER_HEADERS, REQUEST_HEADERS } from './headers.js';
import { operationObject, reference, referToSchema } from './operation.js';
import { pascal, problemSchemas } from './problem-schemas.js';
import type { Route } from './routes.js';
import { TAG_OBJECTS } from './tags.js';

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly [part: string]: unknown;
}

const DESCRIPTION = `Sells tickets without overselling, and lets nobody overtake the line.

Every answer that is not 2xx is a problem document (RFC 9457) with a stable \`code\`. A refusal has changed
nothing. Name every attempt at a change with \`Idempotency-Key\`, and repeat it with the same name until an
answer comes: it happens once. New fields may come in answers; unknown fields in requests are refused.`;

/** The document of all addresses, OpenAPI 3.1. */
export function openApiDocument(
  routes: readonly Route[],
  examples: readonly Example[],
): OpenApiDocument {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    (paths[route.path] ??= {})[route.method] = operationObject(route, examples);
  }
  const responses = shareResponses(Object.values(paths).flatMap((path) => Object.values(path)));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rowlock',
      version: versionOf(),
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: TAG_OBJECTS,
    paths,
    components: {
      schemas: {
        ...requestSchemas(routes),
        ...namedSchemas((name) => `#/components/schemas/${name}`),
        ...problemSchemas(referToSchema),
      },
      responses,
      headers: ANSWER_HEADERS,
      parameters: REQUEST_HEADERS,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: `An API key, where the service asks for keys. Its scopes: ${SCOPES.join(', ')}.`,
        },
      },
    },
  };
}

/** Of the classes that are sent, and those that these are made of. */
function requestSchemas(routes: readonly Route[]): Record<string, JsonSchema> {
  const schemas: Record<string, JsonSchema> = {};
  const add = (type: RequestClass): JsonSchema => {
    if (schemas[type.name] === undefined) {
      schemas[type.name] = {};
      schemas[type.name] = requestSchema(type, add);
    }
    return referToSchema(type.name);
  };
  for (const { body } of routes) if (body !== undefined) add(body);
  return schemas;
}

/** Names of more codes than that would be longer than what they save. */
const NAMED_MAX = 4;

type Responses = Record<string, JsonSchema>;

/** Refusals that several addresses have in common are written once. */
function shareResponses(operations: readonly JsonSchema[]): Responses {
  const all = operations.map(({ responses }) => responses as Responses);
  const counts = new Map<string, number>();
  for (const text of all.flatMap((one) => Object.values(one).map((part) => JSON.stringify(part)))) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const shared: Responses = {};
  for (const responses of all) {
    for (const [status, response] of Object.entries(responses)) {
      if (counts.get(JSON.stringify(response))! < 2) continue;
      const name = nameOf(response);
      if (name === undefined) continue;
      shared[name] ??= response;
      // The same codes with other headers: written where they are.
      if (JSON.stringify(shared[name]) !== JSON.stringify(response)) continue;
      responses[status] = reference('responses', name);
    }
  }
  return shared;
}

/** After its codes, which its description names; successes have no name. */
function nameOf({ description }: JsonSchema): string | undefined {
  const codes = [...String(description).matchAll(/^`(\w+)`: /gm)].map(([, code]) => pascal(code!));
  return codes.length === 0 || codes.length > NAMED_MAX ? undefined : codes.join('Or');
}
