export { groupBy } from './collections/group-by.js';
export { type Config, ConfigError, loadConfig, loadDatabaseConfig } from './config/config.js';
export { listSettings, settingsAsMarkdown } from './config/settings-table.js';
export { countColumn, idColumn } from './database/columns.js';
export { ConnectionGate } from './database/connection-gate.js';
export { dataSourceOptions } from './database/data-source-options.js';
export { databaseErrorFacts, isDuplicateKey } from './database/database-errors.js';
export { describeAddress, parseDatabaseUrl } from './database/database-url.js';
export { migrateDown, migrateUp, migrationStatus } from './database/migrate.js';
export { DatabaseUrlError } from './database/naming-database.js';
export { withTransactions } from './database/one-off.js';
export { Reads } from './database/reads.js';
export { SharedReads } from './database/shared-reads.js';
export { deleteRows, insertRows, setOnRows, updateRowsById } from './database/set-based.js';
export { answered, type Change, type Question, question } from './database/statement.js';
export { ask, write } from './database/together.js';
export type { Transaction, WriteResult } from './database/transaction.js';
export { OvertakenError } from './database/transaction-errors.js';
export { type Confirmation, TransactionRunner } from './database/transaction-runner.js';
export { DomainError, type DomainErrorKind } from './errors/domain-error.js';
export { overloaded } from './errors/overloaded.js';
export { isUuid, uuidV7 } from './ids/uuid-v7.js';
export { answerWith, Asked, type Asking } from './idempotency/asked.decorator.js';
export {
  type Answered,
  type IdempotencyClaim,
  idempotencyKeyReused,
  once,
  remember,
  remembered,
  type RememberedAttempt,
  rememberInstead,
} from './idempotency/idempotency.js';
export { isInOutbox, outboxInsert, type OutboxMessage } from './outbox/outbox.js';
export { ByLabels, type Labels } from './observing/by-labels.js';
export { Distribution, SECONDS } from './observing/distribution.js';
export { type Origin, TRACING, type Tracing } from './observing/tracing.js';
export { type Runs, WorkerRuns } from './observing/worker-runs.js';
export { Clock } from './time/clock.js';
export { CONFIG } from './config/config.token.js';
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
} from './http/fields.js';
export {
  type JsonSchema,
  Means,
  type RequestClass,
  requestSchema,
} from './http/document/request-schema.js';
export {
  answer,
  type AnswerOf,
  answerSchemas,
  countField,
  idField,
  nameOfAnswer,
  pageAnswer,
  timeField,
} from './http/document/answer-schema.js';
export {
  type AnswerHeader,
  Answers,
  AnswersNothing,
  isUnlisted,
  type OperationFacts,
  operationOf,
  Refuses,
  refusalsOf,
  Unlisted,
} from './http/document/operation.js';
export {
  foreignCursor,
  keysOf,
  limitOf,
  linkingNext,
  type Page,
  pageOf,
  PageQuery,
} from './http/page.js';
export { ACCESS, type Access, NeedsKey, Public } from './http/access.js';
export {
  type Caller,
  CallerParam,
  callerOf,
  EVERYBODY,
  type Scope,
  SCOPES,
} from './http/caller.js';
export { tellSecondLimit } from './http/address-limit.js';
export { Unlimited } from './http/unlimited.js';
export { LimitSharing } from './limits/limit-sharing.js';
export { isRead, type RatePolicy } from './limits/policies.js';
export { rateLimited } from './limits/rate-limited.js';
export { RateLimits, secondsLeft } from './limits/rate-limits.js';
export { IdParam, invalidRequest, ValidBody, ValidQuery } from './http/validation.js';
export { PAGE_SECURITY_POLICY } from './http/security-headers.js';
export { RequestTimes } from './http/request-times.js';
export { configureHttp, createHttpAdapter } from './http/server.js';
export { PlatformModule } from './platform.module.js';
export { EmbeddedServerError } from './database/embedded/index.js';
export {
  joinDatabase,
  openDatabase,
  type OpenDatabase,
  SchemaError,
} from './database/open-database.js';
export { versionOf } from './version.js';
export { describeError } from './logging/describe-error.js';
export { type LogOutput, standardOutput } from './logging/logging.js';
