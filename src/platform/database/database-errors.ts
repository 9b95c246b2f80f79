import { DomainError } from '../errors/index.js';

/**
 * The consequence of each database error for its transaction. Sources: the InnoDB error handling chapter of
 * the MySQL manual, and trials against MySQL 9.7, MariaDB 10.11, Galera and Group Replication
 * (docs/invariants.md, "Errors").
 */

/** The stage of a transaction in which an error occurred. */
export type Stage = 'acquire' | 'body' | 'commit' | 'rollback';

/**
 * - `retry`: the transaction was rolled back or can be; run it again. In the end it is a `lock_timeout`.
 * - `reconnect`: definitely not committed, but the server cannot serve on this connection; run again on another
 *   one. In the end the database is unavailable.
 * - `unknown`: COMMIT was sent and got no response; it may have happened.
 * - `fatal`: a bug of ours; another attempt would fail, too.
 */
export type Verdict = 'retry' | 'reconnect' | 'unknown' | 'fatal';

export interface DatabaseErrorFacts {
  readonly errno: number | undefined;
  readonly code: string | undefined;
  /** What kind of error it is, on every engine: its first two characters are the class. */
  readonly sqlState: string | undefined;
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

/**
 * SQLSTATE classes of errors in a statement or its values. The statements come from our code, so these errors
 * are its bugs: 07 dynamic SQL, 0A unsupported feature, 20 case, 21 cardinality, 22 data, 23 constraint,
 * 24 and 34 cursor, 26 statement name, 2F routine, 42 syntax; and 45, by which a trigger rejects a value.
 */
const OUR_CLASSES: ReadonlySet<string> = new Set('07 0A 20 21 22 23 24 26 2F 34 42 45'.split(' '));

/** Our bugs whose SQLSTATE is a general one. */
const OUR_BUGS: ReadonlySet<number> = new Set([
  1093, // ER_UPDATE_TABLE_USED
  1111, // ER_INVALID_GROUP_FUNC_USE
  1193, // ER_UNKNOWN_SYSTEM_VARIABLE
  1210, // ER_WRONG_ARGUMENTS
  1265, // WARN_DATA_TRUNCATED: an error in strict mode
  1267, // ER_CANT_AGGREGATE_2COLLATIONS
  1270, // ER_CANT_AGGREGATE_3COLLATIONS
  1271, // ER_CANT_AGGREGATE_NCOLLATIONS
  1364, // ER_NO_DEFAULT_FOR_FIELD
  1366, // ER_TRUNCATED_WRONG_VALUE_FOR_FIELD
  1390, // ER_PS_MANY_PARAM
  1411, // ER_WRONG_VALUE_FOR_TYPE
  1525, // ER_WRONG_VALUE
  1568, // ER_CANT_CHANGE_TX_CHARACTERISTICS
  3819, // ER_CHECK_CONSTRAINT_VIOLATED; MariaDB's 4025 has class 23
]);

/** Errors of these classes that the operator of the server causes: privileges, the database, its limits. */
const NOT_OUR_BUGS: ReadonlySet<number> = new Set([
  1044, // ER_DBACCESS_DENIED_ERROR
  1049, // ER_BAD_DB_ERROR
  1104, // ER_TOO_BIG_SELECT: max_join_size
  1142, // ER_TABLEACCESS_DENIED_ERROR
  1143, // ER_COLUMNACCESS_DENIED_ERROR
  1203, // ER_TOO_MANY_USER_CONNECTIONS
  1226, // ER_USER_LIMIT_REACHED
  1227, // ER_SPECIFIC_ACCESS_DENIED_ERROR
  1370, // ER_PROCACCESS_DENIED_ERROR
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

const DISK_FULL: ReadonlySet<number> = new Set([
  1021, // ER_DISK_FULL
  1114, // ER_RECORD_FILE_FULL: InnoDB cannot extend the file of a table
]);

/** Their messages contain the error number of the operating system. */
const FILE_ERRORS: ReadonlySet<number> = new Set([
  3, // EE_WRITE
  1026, // ER_ERROR_ON_WRITE
  1030, // ER_GET_ERRNO: from the storage engine
]);
const NO_SPACE = /\b28\b/;

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
  const source:
    (Error & Partial<Record<'errno' | 'code' | 'sqlState' | 'fatal', unknown>>) | undefined =
    driverErrorOf(error);
  if (source === undefined) return undefined;
  const { errno, code, sqlState, fatal, message } = source;
  return {
    // System errors have negative numbers with other meanings (ECONNRESET is -104).
    errno: typeof errno === 'number' && errno > 0 ? errno : undefined,
    code: typeof code === 'string' ? code : undefined,
    sqlState: typeof sqlState === 'string' ? sqlState : undefined,
    message,
    connectionLost: fatal === true || (typeof code === 'string' && CONNECTION_CODES.has(code)),
  };
}

/** In words of the driver, whose message is empty if a name has several addresses and none answers. */
export function describeDatabaseError(error: unknown): string {
  const facts = databaseErrorFacts(error);
  if (facts !== undefined) return facts.message || String(facts.code);
  return error instanceof Error ? error.message : String(error);
}

/**
 * The verdict on an error at a stage. `fatal` is what is known to be a bug of ours. Any other error, also one
 * with an unknown number, says that this server cannot serve now: the statements are fixed and tested on both
 * engines, so an error that nobody foresaw is about the server.
 */
export function verdictOn(error: unknown, stage: Stage): Verdict {
  const facts = databaseErrorFacts(error);
  if (facts !== undefined && isRolledBack(facts)) return 'retry';
  if (stage === 'commit') return 'unknown';
  if (facts !== undefined && isStatementRolledBack(facts)) return 'retry';
  // No statement of the work was sent yet, so there is none that could be wrong.
  if (stage === 'acquire') return error instanceof DomainError ? 'fatal' : 'reconnect';
  if (facts === undefined) return 'fatal';
  return isOurBug(facts) ? 'fatal' : 'reconnect';
}

const isRolledBack = ({ errno = 0, message }: DatabaseErrorFacts): boolean =>
  ROLLED_BACK.has(errno) || (errno === ERROR_DURING_COMMIT && HANDLER_DEADLOCK.test(message));

const isStatementRolledBack = ({ errno = 0 }: DatabaseErrorFacts): boolean =>
  STATEMENT_ROLLED_BACK.has(errno) || TIME_LIMITS.has(errno);

function isOurBug({ errno, sqlState, connectionLost }: DatabaseErrorFacts): boolean {
  if (connectionLost) return false;
  // The driver refused to send it.
  if (errno === undefined || OUR_BUGS.has(errno)) return true;
  return OUR_CLASSES.has(sqlState?.slice(0, 2) ?? '') && !NOT_OUR_BUGS.has(errno);
}

/** Whether the server refused to write because a disk, a table or a tablespace is full. */
export function isDiskFull(error: unknown): boolean {
  const { errno = 0, message = '' } = databaseErrorFacts(error) ?? {};
  return DISK_FULL.has(errno) || (FILE_ERRORS.has(errno) && NO_SPACE.test(message));
}

/** Whether the server ended the statement at the time limit of its session. */
export const isTimeLimit = (error: unknown): boolean =>
  TIME_LIMITS.has(databaseErrorFacts(error)?.errno ?? 0);

/** Whether the error is a duplicate entry for a unique key (of this name, if given). */
export function isDuplicateKey(error: unknown, key?: string): boolean {
  const facts = databaseErrorFacts(error);
  if (facts?.errno !== DUPLICATE_KEY) return false;
  return key === undefined || facts.message.includes(key);
}

/** ER_CHECK_CONSTRAINT_VIOLATED and MariaDB's ER_CONSTRAINT_FAILED. */
const CHECK_MESSAGES: Readonly<Record<number, RegExp>> = {
  3819: /^Check constraint '([^']+)' is violated\.?$/,
  4025: /^CONSTRAINT `([^`]+)` failed for /,
};

/** The message begins with values of the row, which can look like anything. */
const KEY_NAME = /for key '(?:[^'.]+\.)?([^'.]+)'$/;

/** The name of the unique key or CHECK constraint that a statement violated; undefined for any other error. */
export function violatedConstraint(error: unknown): string | undefined {
  const { errno = 0, message = '' } = databaseErrorFacts(error) ?? {};
  const pattern = errno === DUPLICATE_KEY ? KEY_NAME : CHECK_MESSAGES[errno];
  return pattern?.exec(message)?.[1];
}
