/** JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A class whose fields have decorators of this folder: what a request or a response looks like. */
export type SchemaClass<Value extends object = object> = new () => Value;

/** The schema by which one class refers to another. */
export type Refer = (type: SchemaClass) => JsonSchema;

interface FieldFacts {
  readonly schema: JsonSchema | ((refer: Refer) => JsonSchema);
  readonly isOptional: boolean;
  readonly isNullable: boolean;
  /** Required only if this other field is missing. */
  readonly requiredWithout: string;
  readonly description: string;
  /** Applied to the value before its rules are. */
  readonly normalise: (value: unknown) => unknown;
}

type Fields = Readonly<Record<string, Partial<FieldFacts>>>;

const FIELDS = 'rowlock:fields';
const DESCRIPTION = 'rowlock:description';
const NAME = 'rowlock:schema-name';
const INLINED = 'rowlock:inlined';

/** Adds facts about a field to those that its other decorators have added. */
export const addFacts =
  (facts: Partial<FieldFacts>): PropertyDecorator =>
  (prototype, name) => {
    const known = fieldsOf(prototype);
    const merged = { ...known, [name]: { ...known[String(name)], ...facts } };
    Reflect.defineMetadata(FIELDS, merged, prototype);
  };

/** The description of a class or a field in the OpenAPI document. */
export const Describe =
  (description: string): ClassDecorator & PropertyDecorator =>
  (target: object, name?: string | symbol) => {
    if (name === undefined) Reflect.defineMetadata(DESCRIPTION, description, target);
    else addFacts({ description })(target, name);
  };

/** The name of a class in the OpenAPI document, where it differs from the class's own. */
export const SchemaName =
  (name: string): ClassDecorator =>
  (type) =>
    Reflect.defineMetadata(NAME, name, type);

/** The document repeats the class wherever it is used instead of naming it. */
export const Inlined = (): ClassDecorator => (type) => Reflect.defineMetadata(INLINED, true, type);

export const nameOfClass = (type: SchemaClass): string =>
  (Reflect.getOwnMetadata(NAME, type) as string | undefined) ?? type.name;

export const isInlined = (type: SchemaClass): boolean => Reflect.hasOwnMetadata(INLINED, type);

/** The fields of a class, those of its base classes included. */
const fieldsOf = (prototype: object): Fields =>
  (Reflect.getMetadata(FIELDS, prototype) ?? {}) as Fields;

/** How the values of a class are normalised before they are validated, by field. */
export function normalisersOf(type: SchemaClass): ReadonlyMap<string, FieldFacts['normalise']> {
  const fields = Object.entries(fieldsOf(type.prototype as object));
  return new Map(fields.flatMap(([name, { normalise }]) => (normalise ? [[name, normalise]] : [])));
}

/**
 * Builds the schema of a class from the decorators of its fields.
 *
 * @throws {Error} if a field has no schema: its rule is none of ours
 */
export function schemaOfClass(type: SchemaClass, refer: Refer): JsonSchema {
  const fields = Object.entries(fieldsOf(type.prototype as object));
  const description = Reflect.getOwnMetadata(DESCRIPTION, type) as string | undefined;
  const required = fields.filter(([, { isOptional }]) => isOptional !== true);
  const properties = fields.map(([name, facts]) => {
    return [name, schemaOfField(`${type.name}.${name}`, facts, refer)] as const;
  });
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required: required.map(([name]) => name) }),
    ...alternativesOf(fields),
  };
}

/** By `if` and `else`: client generators read `anyOf` as a choice between types. */
function alternativesOf(fields: readonly (readonly [string, Partial<FieldFacts>])[]): JsonSchema {
  const found = fields.find(([, { requiredWithout }]) => requiredWithout !== undefined);
  if (found === undefined) return {};
  const [name, { requiredWithout }] = found;
  return { if: { required: [requiredWithout] }, else: { required: [name] } };
}

function schemaOfField(at: string, facts: Partial<FieldFacts>, refer: Refer): JsonSchema {
  const { schema, isNullable = false, description } = facts;
  if (schema === undefined) throw new Error(`${at} has rules, but no schema`);
  const plain = typeof schema === 'function' ? schema(refer) : schema;
  const whole = isNullable ? orNull(plain) : plain;
  return description === undefined ? whole : { ...whole, description };
}

const orNull = (schema: JsonSchema): JsonSchema =>
  typeof schema['type'] === 'string' && schema['enum'] === undefined
    ? { ...schema, type: [schema['type'], 'null'] }
    : { anyOf: [schema, { type: 'null' }] };
