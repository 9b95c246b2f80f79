import { DomainError } from '../errors/index.js';

/**
 * The consequence of each database error for its transaction. Sources: the InnoDB error handling chapter of
 * the MySQL manual, and trials against MySQL 9.7, MariaDB 10.11, Galera and Group Replication
 * (docs/invariants.md, "Errors").
 */

/** The stage of a transaction in which an error occurred. */
export type Stage = 'acquire' | 'body' | 'commit' | 'rollback';

/**
 * - `retry`: the transaction was rolled back or can be; run it again.
 * - `reconnect`: definitely not committed, but this connection is unusable; run again on another one.
 * - `unknown`: COMMIT was sent and got no response; it may have happened.
 * - `fatal`: another attempt would fail, too.
 */
export type Verdict = 'retry' | 'reconnect' | 'unknown' | 'fatal';

export interface DatabaseErrorFacts {
  readonly errno: number | undefined;
  readonly code: string | undefined;
  readonly message: string;
  /** The driver says that the connection is unusable. */
  readonly connectionLost: boolean;
}

/** The server rolled back the whole transaction; Galera and Group Replication report it at COMMIT. */
const ROLLED_BACK: ReadonlySet<number> = new Set([
  1213, // ER_LOCK_DEADLOCK
  1020, // ER_CHECKREAD: MariaDB's snapshot isolation
  3101, // ER_TRANSACTION_ROLLBACK_DURING_COMMIT: Group Replication certification
  8002, // TiDB: write conflict, "can safely retry the whole transaction"
  8005, // TiDB
  8022, // TiDB: commit failed, can be retried
  8028, // TiDB: the schema changed meanwhile
  9007, // TiDB
]);

/** Only the statement was rolled back: the transaction is still open. */
const STATEMENT_ROLLED_BACK: ReadonlySet<number> = new Set([
  1205, // ER_LOCK_WAIT_TIMEOUT
  3572, // ER_LOCK_NOWAIT
]);

/** This server or connection cannot write now; another attempt may find one that can. */
const CANNOT_SERVE: ReadonlySet<number> = new Set([
  1040, // ER_CON_COUNT_ERROR
  1047, // WSREP has not yet prepared node for application use
  1053, // ER_SERVER_SHUTDOWN
  1203, // ER_TOO_MANY_USER_CONNECTIONS
  1290, // ER_OPTION_PREVENTS_STATEMENT: --read-only, --super-read-only
  1317, // ER_QUERY_INTERRUPTED
  1792, // ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION
  1836, // ER_READ_ONLY_MODE
  1927, // ER_CONNECTION_KILLED
  2006, // CR_SERVER_GONE_ERROR
  2013, // CR_SERVER_LOST
  3098, // ER_BEFORE_DML_VALIDATION_ERROR: Group Replication plugin
  3100, // ER_RUN_HOOK_ERROR: Group Replication plugin
  1041, // ER_OUT_OF_RESOURCES: Vitess throttles transactions
  9001, // TiDB: no placement driver
  9002, // TiDB: storage timeout
  9003, // TiDB: storage busy
  9004, // TiDB: lock resolution timeout
  9005, // TiDB: region unavailable
]);

/** The connection is lost. mysql2 and Node have several codes for it, some without an errno. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'ER_SERVER_SHUTDOWN',
  'CR_SERVER_GONE_ERROR',
  'CR_SERVER_LOST',
]);

/** ER_ERROR_DURING_COMMIT; the handler's error number inside the text tells the two cases apart. */
const ERROR_DURING_COMMIT = 1180;
const HANDLER_DEADLOCK = /\b149\b/;

const DUPLICATE_KEY = 1062;

const TIME_LIMITS: ReadonlySet<number> = new Set([
  1969, // ER_STATEMENT_TIMEOUT: MariaDB's max_statement_time
  3024, // ER_QUERY_TIMEOUT: MySQL's max_execution_time
]);

/** The driver's error: TypeORM wraps it; mysql2 and Node throw it unwrapped. */
function driverErrorOf(error: unknown): Error | undefined {
  if (!(error instanceof Error) || error instanceof DomainError) return undefined;
  if ('driverError' in error) return error.driverError instanceof Error ? error.driverError : error;
  return 'errno' in error || 'fatal' in error || isConnectionError(error) ? error : undefined;
}

const isConnectionError = (error: Error): boolean =>
  'code' in error && CONNECTION_CODES.has(String(error.code));

/** The facts about an error that TypeORM or mysql2 threw; undefined if it is not a database error. */
export function databaseErrorFacts(error: unknown): DatabaseErrorFacts | undefined {
  const source: (Error & { errno?: unknown; code?: unknown; fatal?: unknown }) | undefined =
    driverErrorOf(error);
  if (source === undefined) return undefined;
  const { errno, code, fatal, message } = source;
  return {
    // System errors have negative numbers with other meanings (ECONNRESET is -104).
    errno: typeof errno === 'number' && errno > 0 ? errno : undefined,
    code: typeof code === 'string' ? code : undefined,
    message,
    connectionLost: fatal === true || (typeof code === 'string' && CONNECTION_CODES.has(code)),
  };
}

/** The verdict on an error at a stage. */
export function verdictOn(error: unknown, stage: Stage): Verdict {
  const facts = databaseErrorFacts(error);
  if (facts !== undefined && isRolledBack(facts)) return 'retry';
  if (stage === 'commit') return 'unknown';
  if (facts === undefined) return 'fatal';
  if (STATEMENT_ROLLED_BACK.has(facts.errno ?? 0)) return 'retry';
  return cannotServe(facts) ? 'reconnect' : 'fatal';
}

const isRolledBack = ({ errno = 0, message }: DatabaseErrorFacts): boolean =>
  ROLLED_BACK.has(errno) || (errno === ERROR_DURING_COMMIT && HANDLER_DEADLOCK.test(message));

const cannotServe = ({ errno = 0, connectionLost }: DatabaseErrorFacts): boolean =>
  connectionLost || CANNOT_SERVE.has(errno) || errno === ERROR_DURING_COMMIT;

/** Whether the server ended the statement at the time limit of its session. */
export const isTimeLimit = (error: unknown): boolean =>
  TIME_LIMITS.has(databaseErrorFacts(error)?.errno ?? 0);

/** Whether the error is a duplicate entry for a unique key (of this name, if given). */
export function isDuplicateKey(error: unknown, key?: string): boolean {
  const facts = databaseErrorFacts(error);
  if (facts?.errno !== DUPLICATE_KEY) return false;
  return key === undefined || facts.message.includes(key);
}
