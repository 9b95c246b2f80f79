export { CoalescedReads } from './coalesced-reads.js';
export { CommitProbe } from './commit-probe.js';
export { CommitProbeEntity } from './commit-probe.entity.js';
export { amountColumn, countColumn, currencyColumn, digestColumn, idColumn } from './columns.js';
export { ConnectionGate } from './connection-gate.js';
export { dataSourceOptions } from './data-source-options.js';
export {
  databaseErrorFacts,
  describeDatabaseError,
  isDiskFull,
  isDuplicateKey,
  violatedConstraint,
} from './database-errors.js';
export { DatabaseModule } from './database.module.js';
export { DatabaseHost } from './database-host.js';
export { databaseMetrics } from './database.metrics.js';
export { BulkReader, DatabaseReader, ProbeConnection } from './database-reader.js';
export { namingDatabase } from './database-url.error.js';
export { hostChoiceOf, shareHostChoice } from './host-choice.js';
export { migrateDown, migrateUp, migrationStatus } from './migrate.js';
export { type Moment, READ_AT, readMoment } from './moment.js';
export { deleteRows, insertRows, setOnRows, updateRowsById } from './set-based-statements.js';
export { otherConnections, type OtherConnections } from './other-connections.js';
export { bulkReadsOf, PROBE_CONNECTIONS, ReadPool } from './read-pool.js';
export { planReversal } from './reversal.js';
export { executeAll, queryAll } from './statement-batch.js';
export {
  type Change,
  constantQuery,
  defineQuery,
  type Query,
  type Statement,
} from './statement.js';
export { schemaState, type SchemaState } from './schema-state.js';
export { outcomeUnknown, StaleReadError } from './transaction-errors.js';
export { runAgain, TransactionRunner } from './transaction-runner.js';
export { Transaction, type WriteResult } from './transaction.js';
export { PATIENT_LIMITS, withTransactions } from './with-transactions.js';
