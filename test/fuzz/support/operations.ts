import type { OpenApiDocument } from '../../../src/platform/openapi/document.js';

export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

/** One method of one path, as documented. */
export interface Operation {
  readonly name: string;
  readonly method: string;
  /** `/v1/events/{id}` */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Undefined if it takes no body. */
  readonly body: Schema | undefined;
  readonly examples: readonly unknown[];
  /** Whether it requires a key, if keys are required at all. */
  readonly needsKey: boolean;
}

interface OperationObject {
  readonly parameters?: readonly Schema[];
  readonly requestBody?: { readonly content: { readonly 'application/json': Media } };
  readonly security?: readonly unknown[];
}

interface Media {
  readonly schema: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** Resolves a reference; returns anything else unchanged. */
export function resolve(document: OpenApiDocument, part: Schema): Schema {
  const reference = part['$ref'] as string | undefined;
  if (reference === undefined) return part;
  const [, , section, name] = reference.split('/');
  return document.components[section!]![name!]!;
}

export function operationsOf(document: OpenApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, found]): Operation => {
      const { parameters = [], requestBody, security = [] } = found as OperationObject;
      const media = requestBody?.content['application/json'];
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        parameters: parameters.map((one) => resolve(document, one) as unknown as Parameter),
        body: media?.schema,
        examples: Object.values(media?.examples ?? {}).map(({ value }) => value),
        needsKey: security.length > 0,
      };
    }),
  );
}
