import type { SchemaClass } from './class-schema.js';

/** One of several classes. It has a name in the OpenAPI document, as classes have. */
export interface SchemaUnion<Value extends object = object> {
  readonly name: string;
  readonly keyword: 'oneOf' | 'anyOf';
  readonly types: readonly SchemaClass<Value>[];
  readonly description?: string;
}

/** The return type of a handler: a class or a union of classes. */
export type ResponseSchema<Value extends object = object> = SchemaClass<Value> | SchemaUnion<Value>;

/** The type of a union's values. */
export type ValueOf<Union> = Union extends SchemaUnion<infer Value> ? Value : never;

type Variants = readonly SchemaClass[];

const unionBy =
  (keyword: SchemaUnion['keyword']) =>
  <Types extends Variants>(
    name: string,
    types: Types,
    description?: string,
  ): SchemaUnion<InstanceType<Types[number]>> => ({
    name,
    keyword,
    types: types as readonly SchemaClass[] as readonly SchemaClass<never>[],
    ...(description !== undefined && { description }),
  });

/** Exactly one of the classes: a field with a constant tells which. */
export const oneOf = unionBy('oneOf');

/** At least one of the classes. */
export const anyOf = unionBy('anyOf');
