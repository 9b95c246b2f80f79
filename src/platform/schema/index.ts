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
export {
  type FieldDecorator,
  fieldDecorator,
  IsValid,
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
  SINGLE_LINE_PATTERN,
} from './text-fields.js';
