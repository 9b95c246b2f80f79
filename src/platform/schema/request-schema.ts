/** JSON Schema 2020-12, the dialect of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export type RequestClass = new () => object;

/** How the schema of one request class names that of another. */
type Refer = (type: RequestClass) => JsonSchema;

interface Field {
  readonly schema: JsonSchema | ((refer: Refer) => JsonSchema);
  readonly isOptional: boolean;
  readonly isNullable: boolean;
  /** The field that may stand in its place. */
  readonly instead: string | undefined;
  readonly description: string | undefined;
}

type Fields = Readonly<Record<string, Partial<Field>>>;

const FIELDS = 'rowlock:fields';
const MEANING = 'rowlock:meaning';

/** Notes what the document shall say of a field; every decorator of a field adds its own. */
export const field =
  (facts: Partial<Field>): PropertyDecorator =>
  (prototype, name) => {
    const own = (Reflect.getOwnMetadata(FIELDS, prototype) ?? {}) as Fields;
    const known = own[String(name)];
    Reflect.defineMetadata(FIELDS, { ...own, [name]: { ...known, ...facts } }, prototype);
  };

/** What a field or a whole request is, in words for people. */
export const Describe =
  (description: string): ClassDecorator & PropertyDecorator =>
  (target: object, name?: string | symbol) => {
    if (name === undefined) Reflect.defineMetadata(MEANING, description, target);
    else field({ description })(target, name);
  };

/** Fields of a request class and of those that it extends. */
function fieldsOf(prototype: object | null): Fields {
  if (prototype === null || prototype === Object.prototype) return {};
  const inherited = fieldsOf(Object.getPrototypeOf(prototype) as object | null);
  const own = (Reflect.getOwnMetadata(FIELDS, prototype) ?? {}) as Fields;
  const merged = Object.entries(own).map(([name, facts]) => [
    name,
    { ...inherited[name], ...facts },
  ]);
  return { ...inherited, ...(Object.fromEntries(merged) as Fields) };
}

/**
 * The schema of a request class, from the decorators of its fields.
 *
 * @throws {Error} if a field has no schema: then its rule is not one of ours
 */
export function requestSchema(type: RequestClass, refer: Refer): JsonSchema {
  const fields = Object.entries(fieldsOf(type.prototype as object));
  const description = Reflect.getOwnMetadata(MEANING, type) as string | undefined;
  const required = fields.filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    properties: Object.fromEntries(
      fields.map(([name, facts]) => [name, fieldSchema(`${type.name}.${name}`, facts, refer)]),
    ),
    ...(required.length > 0 && { required }),
    ...unlessInstead(fields),
    additionalProperties: false,
  };
}

/** Not `anyOf`: generators of clients take that for a choice between types. */
function unlessInstead(fields: readonly (readonly [string, Partial<Field>])[]): JsonSchema {
  const [name, { instead } = {}] = fields.find(([, one]) => one.instead !== undefined) ?? [];
  if (name === undefined) return {};
  return { if: { required: [instead] }, else: { required: [name] } };
}

function fieldSchema(at: string, facts: Partial<Field>, refer: Refer): JsonSchema {
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
