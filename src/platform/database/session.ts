import { SHOW_SERVER, type VariableRow } from './server-facts.js';

/** What a connection is for. */
export interface SessionPurpose {
  /** `transactions`: the TransactionRunner's packets of several statements (ADR 0008). */
  readonly kind: 'transactions' | 'reads' | 'migrations';
  /** The server ends a statement after this time. */
  readonly statementMsMax?: number;
}

/** A session variable never changes by itself, so one that differs was changed by someone else. */
export class SessionError extends Error {
  /** Makes database-errors.ts treat it as a lost connection: another one may be right. */
  readonly fatal = true;

  constructor(differences: readonly string[]) {
    super(
      `the session has ${differences.join(', ')} although Rowlock has just set it: ` +
        'look for a proxy that changes or shares sessions',
    );
  }
}

/** In seconds. */
const TIMEOUTS: Readonly<Record<string, string>> = {
  innodb_lock_wait_timeout: '3',
  // A host that loses power closes no connection. The pool pings those that are idle (session-pool.ts).
  wait_timeout: '10',
};

const SQL_MODE =
  'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';

const NO_LIMIT = '18446744073709551615';

/** What SHOW VARIABLES answers once the session is ours. Servers differ in the name of the isolation level. */
const PINNED: Readonly<Record<string, string>> = {
  character_set_client: 'utf8mb4',
  character_set_connection: 'utf8mb4',
  character_set_results: 'utf8mb4',
  collation_connection: 'utf8mb4_bin',
  sql_mode: SQL_MODE,
  time_zone: '+00:00',
  completion_type: 'NO_CHAIN',
  sql_select_limit: NO_LIMIT,
  transaction_isolation: 'READ-COMMITTED',
  tx_isolation: 'READ-COMMITTED',
};

/**
 * The session of a connection. Everything that the service relies on is set, whatever the server's defaults are,
 * and read back. It is done once per connection, because a round trip per transaction costs too much under load.
 */
export class Session {
  /** One packet; its results end with the variables of the session and those of the server. */
  readonly sql: string;
  private readonly pinned: Readonly<Record<string, string>>;

  constructor({ kind, statementMsMax }: SessionPurpose) {
    // On Galera, a conflict rolls back the transaction in the middle of a packet. With autocommit, the later
    // statements of the packet would take effect, each by itself.
    const autocommit = kind === 'transactions' ? 'OFF' : 'ON';
    // A migration may take long, and the connection that keeps others from migrating is silent meanwhile.
    const timeouts = kind === 'migrations' ? {} : TIMEOUTS;
    this.pinned = { ...PINNED, ...timeouts, autocommit };
    this.sql = [
      'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
      `SET NAMES utf8mb4 COLLATE utf8mb4_bin`,
      `SET SESSION autocommit = ${autocommit}, time_zone = '+00:00', sql_mode = '${SQL_MODE}'`,
      ...Object.entries(timeouts).map(([name, seconds]) => `SET SESSION ${name} = ${seconds}`),
      `SET SESSION completion_type = 'NO_CHAIN', sql_select_limit = ${NO_LIMIT}`,
      timeLimit(statementMsMax ?? 0),
      `SHOW SESSION VARIABLES WHERE Variable_name IN ('${Object.keys(this.pinned).join("', '")}')`,
      SHOW_SERVER,
    ].join(';\n');
  }

  /** @throws {SessionError} naming what differs */
  verify(rows: readonly VariableRow[]): void {
    const actual = new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]));
    if (!actual.has('transaction_isolation') && !actual.has('tx_isolation')) {
      throw new SessionError(['no transaction_isolation']);
    }
    const differences = Object.entries(this.pinned).flatMap(([name, value]) => {
      const found = actual.get(name) ?? (name.endsWith('isolation') ? value : 'nothing');
      return sorted(found) === sorted(value) ? [] : [`${name} = ${found || "''"}, not ${value}`];
    });
    if (differences.length > 0) throw new SessionError(differences);
  }
}

/** Servers list the SQL modes in their own order. */
const sorted = (list: string): string => list.toUpperCase().split(',').sort().join();

/**
 * Each engine executes its own comment: MySQL `/*!50708`, MariaDB `/*M!`, which ignores the versions of MySQL 5.7.
 */
const timeLimit = (ms: number): string =>
  `SET SESSION /*!50708 max_execution_time = ${ms} */ /*M! max_statement_time = ${ms / 1000} */`;
