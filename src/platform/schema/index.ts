export {
  Describe,
  Inlined,
  isInlined,
  type JsonSchema,
  nameOfClass,
  type SchemaClass,
  SchemaName,
  schemaOfClass,
} from './class-schema.js';
export { type Accept, compileRules } from './compiled-rules.js';
export {
  fieldDecorator,
  type FieldDecorator,
  IsValid,
  Normalised,
  Nullable,
  Optional,
  RequiredWithout,
} from './field-decorator.js';
export {
  IsBoolean,
  IsConstant,
  IsId,
  IsIdList,
  IsInteger,
  IsIntegerInQuery,
  IsListOf,
  IsNested,
  IsOneOf,
  UUID_SCHEMA,
} from './fields.js';
export {
  ApiHidden,
  ApiNoContent,
  ApiRefusals,
  ApiResult,
  isHidden,
  type OperationFacts,
  operationOf,
  refusalsOf,
} from './operation.js';
export { anyOf, oneOf, type ResponseSchema, type ValueOf } from './schema-union.js';
export {
  IsMultiLineText,
  IsSingleLineText,
  IsString,
  IsTimestamp,
  IsZonedTime,
  IsZonedTimeInQuery,
} from './text-fields.js';
