import { versionOf, SCOPES } from '../common/index.js';
import type { JsonSchema } from '../schema/index.js';
import { referToSchema, requestSchemas, responseSchemas } from './components.js';
import type { Example } from './examples.js';
import { REQUEST_HEADERS, RESPONSE_HEADERS } from './headers.js';
import { operationObject } from './operation.js';
import { problemSchemas } from './problem-schemas.js';
import type { Route } from './routes.js';
import { shareResponses } from './shared-responses.js';
import { TAG_OBJECTS } from './tags.js';

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
  readonly [part: string]: unknown;
}

const DESCRIPTION = `Sells tickets without overselling, and lets nobody overtake the waitlist.

Every response that is not 2xx is a problem document (RFC 9457) with a stable \`code\`. A rejected request
changes nothing. Send an \`Idempotency-Key\` with every change, and retry with the same key until you get a
response: the change happens once. Responses may gain fields; requests with unknown fields are rejected.`;

/** Describes all routes in OpenAPI 3.1. */
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
        ...requestSchemas(routes.flatMap(({ body }) => body ?? [])),
        ...responseSchemas(routes.flatMap(({ operation }) => operation.response ?? [])),
        ...problemSchemas(referToSchema),
      },
      responses,
      headers: RESPONSE_HEADERS,
      parameters: REQUEST_HEADERS,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: `An API key, if the service requires keys. Scopes: ${SCOPES.join(', ')}.`,
        },
      },
    },
  };
}
