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
  Answers,
  AnswersNothing,
  isUnlisted,
  type OperationFacts,
  operationOf,
  refusalsOf,
  Refuses,
  Unlisted,
} from './operation.js';
export { type JsonSchema, Means, type RequestClass, requestSchema } from './request-schema.js';
export {
  answer,
  type AnswerOf,
  answerSchemas,
  countField,
  idField,
  nameOfAnswer,
  pageAnswer,
  timeField,
} from './response-schema.js';
