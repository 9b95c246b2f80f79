export {
  IsCount,
  IsField,
  IsFlag,
  IsId,
  IsLine,
  IsOneOf,
  IsPart,
  IsParts,
  IsText,
  IsTextCount,
  IsTime,
  LINE_PATTERN,
  Optional,
  Removable,
  RequiredUnless,
  UUID_SCHEMA,
} from './fields.js';
export {
  ApiResult,
  ApiNoContent,
  isUnlisted,
  type OperationFacts,
  operationOf,
  refusalsOf,
  ApiRefusals,
  ApiHidden,
} from './operation.js';
export { type JsonSchema, Describe, type RequestClass, requestSchema } from './request-schema.js';
export {
  namedSchema,
  type ResponseOf,
  namedSchemas,
  countField,
  idField,
  schemaNameOf,
  pageSchema,
  timeField,
} from './response-schema.js';
