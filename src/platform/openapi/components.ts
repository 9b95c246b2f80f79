import {
  isInlined,
  type JsonSchema,
  nameOfClass,
  type ResponseSchema,
  type SchemaClass,
  schemaOfClass,
} from '../schema/index.js';

type Section = 'schemas' | 'headers' | 'parameters' | 'responses';

export const reference = (section: Section, name: string): JsonSchema => ({
  $ref: `#/components/${section}/${name}`,
});

export const referToSchema = (name: string): JsonSchema => reference('schemas', name);

export const schemaName = (schema: ResponseSchema): string =>
  'types' in schema ? schema.name : nameOfClass(schema);

/** Refers to a class without adding it to the components. */
export const referToClass = (type: SchemaClass): JsonSchema => referToSchema(nameOfClass(type));

type Schemas = Record<string, JsonSchema>;

/** The schemas of requests, by name. They are closed: requests with unknown fields are rejected. */
export const requestSchemas = (classes: readonly SchemaClass[]): Schemas =>
  schemasOf(classes, { additionalProperties: false });

/** The schemas of responses, by name. They are open: new fields are not a breaking change. */
export const responseSchemas = (schemas: readonly ResponseSchema[]): Schemas =>
  schemasOf(schemas, {});

function schemasOf(roots: readonly ResponseSchema[], rest: JsonSchema): Schemas {
  const named: Schemas = {};
  const ofClass = (type: SchemaClass) => ({ ...schemaOfClass(type, refer), ...rest });
  const refer = (schema: ResponseSchema): JsonSchema => {
    if ('types' in schema) {
      const { name, keyword, types, description } = schema;
      named[name] = { [keyword]: types.map(refer), description };
    } else if (isInlined(schema)) return ofClass(schema);
    else named[nameOfClass(schema)] ??= ofClass(schema);
    return referToSchema(schemaName(schema));
  };
  roots.forEach(refer);
  return named;
}
