import { z } from 'zod';
import type { JsonSchema } from './request-schema.js';

/** Answers that have a name in the document. */
const ANSWERS = z.registry<{ readonly id: string }>();

type DeepReadonly<Value> = Value extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: DeepReadonly<Value[Name]> }
    : Value;

/** What an answer of this schema is, to whoever makes one. */
export type ResponseOf<Schema extends z.ZodType> = DeepReadonly<z.infer<Schema>>;

/** Gives a schema its name in the document. */
export function namedSchema<Schema extends z.ZodType>(
  id: string,
  schema: Schema,
  description?: string,
): Schema {
  const described = description === undefined ? schema : schema.describe(description);
  ANSWERS.add(described, { id });
  return described;
}

export const schemaNameOf = (schema: z.ZodType): string => {
  const id = ANSWERS.get(schema)?.id;
  if (id === undefined) throw new Error('An answer of an address needs a name in the document');
  return id;
};

export const idField = (): z.ZodString => z.string().meta({ format: 'uuid' });
export const timeField = (): z.ZodString => z.string().meta({ format: 'date-time' });
export const countField = (): z.ZodInt => z.int().min(0);

/** A part of a list. */
export const pageSchema = <Item extends z.ZodType>(id: string, item: Item) =>
  namedSchema(
    id,
    z.object({
      data: z.array(item),
      nextCursor: z.string().nullable().describe('To be given as `cursor`; null at the end.'),
      hasMore: z.boolean(),
    }),
  );

/** All of them by name. What zod's integers cannot be is not worth telling. */
export function namedSchemas(refer: (id: string) => string): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(ANSWERS, {
    uri: refer,
    // As they go out, but open: new fields may come, and are no break.
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const named = Object.entries(schemas).map(([id, schema]) => {
    const { $schema: _dialect, $id: _uri, ...plain } = schema as JsonSchema;
    return [id, plain] as const;
  });
  return Object.fromEntries(named);
}
