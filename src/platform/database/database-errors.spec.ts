import { QueryFailedError } from 'typeorm';
import { databaseErrorFacts, isDuplicateKey, type Stage, verdictOn } from './database-errors.js';

interface DriverFacts {
  readonly errno?: number;
  readonly code?: string;
  readonly message?: string;
  readonly fatal?: boolean;
}

/** As mysql2 throws them: the message is an own property, the rest is put beside it. */
const driverError = ({ message = 'what the server said', ...facts }: DriverFacts) =>
  Object.assign(new Error(message), facts);

const queryFailed = (facts: DriverFacts) =>
  new QueryFailedError('UPDATE …', [], driverError(facts));

const BEFORE_COMMIT: readonly Stage[] = ['acquire', 'body', 'rollback'];

type Row = readonly [what: string, facts: DriverFacts];

const UNDONE_ALSO_AT_COMMIT: readonly Row[] = [
  ['deadlock; certification on Galera', { errno: 1213, code: 'ER_LOCK_DEADLOCK' }],
  ['snapshot isolation of MariaDB', { errno: 1020, code: 'ER_CHECKREAD' }],
  [
    'certification on Group Replication',
    { errno: 3101, code: 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT' },
  ],
  [
    'deadlock on Group Replication',
    {
      errno: 1180,
      code: 'ER_ERROR_DURING_COMMIT',
      message: "Got error 149 - 'Lock deadlock; Retry transaction' during COMMIT",
    },
  ],
  ['write conflict on TiDB (8002)', { errno: 8002 }],
  ['write conflict on TiDB (8005)', { errno: 8005 }],
  ['write conflict on TiDB (9007)', { errno: 9007 }],
];

const STATEMENT_UNDONE: readonly Row[] = [
  ['lock wait timeout', { errno: 1205, code: 'ER_LOCK_WAIT_TIMEOUT' }],
  ['lock not granted at once', { errno: 3572, code: 'ER_LOCK_NOWAIT' }],
];

const CONNECTION_OF_NO_USE: readonly Row[] = [
  ['lost quorum while committing', { errno: 1180, message: 'Got error: Not connected to Primary' }],
  ['Galera node not ready', { errno: 1047, code: 'ER_UNKNOWN_COM_ERROR' }],
  ['read-only server', { errno: 1290, code: 'ER_OPTION_PREVENTS_STATEMENT' }],
  ['read-only transaction', { errno: 1792, code: 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION' }],
  ['read-only mode', { errno: 1836, code: 'ER_READ_ONLY_MODE' }],
  ['Group Replication plugin', { errno: 3100, code: 'ER_RUN_HOOK_ERROR' }],
  ['server shutting down', { errno: 1053, code: 'ER_SERVER_SHUTDOWN' }],
  ['connection killed', { errno: 1927, code: 'ER_CONNECTION_KILLED' }],
  ['query interrupted', { errno: 1317, code: 'ER_QUERY_INTERRUPTED' }],
  ['too many connections', { errno: 1040, code: 'ER_CON_COUNT_ERROR' }],
  ['too many connections of this user', { errno: 1203, code: 'ER_TOO_MANY_USER_CONNECTIONS' }],
  ['connection lost', { code: 'PROTOCOL_CONNECTION_LOST', fatal: true }],
  ['silence of the server', { code: 'PROTOCOL_SEQUENCE_TIMEOUT', fatal: true }],
  ['connection reset', { errno: -104, code: 'ECONNRESET' }],
  ['broken pipe', { errno: -32, code: 'EPIPE' }],
  ['connect timeout', { errno: -110, code: 'ETIMEDOUT' }],
  ['connection refused', { errno: -111, code: 'ECONNREFUSED' }],
  ['no such socket', { errno: -2, code: 'ENOENT' }],
  ['no such host', { errno: -3008, code: 'ENOTFOUND' }],
  ['closed state, without number and code', { fatal: true, message: "Can't add new command" }],
];

const HOPELESS: readonly Row[] = [
  ['duplicate key', { errno: 1062, code: 'ER_DUP_ENTRY' }],
  ['check constraint', { errno: 3819, code: 'ER_CHECK_CONSTRAINT_VIOLATED' }],
  ['syntax error', { errno: 1064, code: 'ER_PARSE_ERROR' }],
  ['wrong password', { errno: 1045, code: 'ER_ACCESS_DENIED_ERROR' }],
];

/** The same error wrapped by TypeORM, and as mysql2 throws it by itself. */
const bothWays = (facts: DriverFacts): Error[] => [queryFailed(facts), driverError(facts)];

describe('verdictOn', () => {
  describe.each(UNDONE_ALSO_AT_COMMIT)('%s', (_, facts) => {
    it('is retried at every stage, because the server rolled everything back', () => {
      for (const stage of [...BEFORE_COMMIT, 'commit'] as const) {
        expect(verdictOn(queryFailed(facts), stage)).toBe('retry');
      }
    });
  });

  describe.each(STATEMENT_UNDONE)('%s', (_, facts) => {
    it('is retried after a ROLLBACK', () => {
      for (const stage of BEFORE_COMMIT) {
        expect(verdictOn(queryFailed(facts), stage)).toBe('retry');
      }
    });

    it('leaves the outcome unknown if it answers COMMIT', () => {
      expect(verdictOn(queryFailed(facts), 'commit')).toBe('unknown');
    });
  });

  describe.each(CONNECTION_OF_NO_USE)('%s', (_, facts) => {
    it('costs the connection before COMMIT, and leaves the outcome unknown at COMMIT', () => {
      for (const error of bothWays(facts)) {
        for (const stage of BEFORE_COMMIT) expect(verdictOn(error, stage)).toBe('reconnect');
        expect(verdictOn(error, 'commit')).toBe('unknown');
      }
    });
  });

  describe.each(HOPELESS)('%s', (_, facts) => {
    it('is fatal, because a retry would fail again', () => {
      for (const stage of BEFORE_COMMIT) {
        expect(verdictOn(queryFailed(facts), stage)).toBe('fatal');
      }
    });
  });

  it.each([new TypeError('a bug'), 'a text', undefined, null, { errno: 1213 }])(
    'treats %p as a bug in the work, but never as a definite answer to COMMIT',
    (thrown) => {
      expect(verdictOn(thrown, 'body')).toBe('fatal');
      expect(verdictOn(thrown, 'commit')).toBe('unknown');
    },
  );

  it('goes by error numbers: a message that mentions a deadlock is not one', () => {
    const facts = { errno: 1064, code: 'ER_PARSE_ERROR', message: "near 'deadlock 149 1213'" };
    expect(verdictOn(queryFailed(facts), 'body')).toBe('fatal');
  });

  it('does not find 149 inside another number', () => {
    const facts = { errno: 1180, message: 'Got error 1490 during COMMIT' };
    expect(verdictOn(queryFailed(facts), 'commit')).toBe('unknown');
  });
});

describe('databaseErrorFacts', () => {
  it('finds the same facts in a driver error and in its wrapper', () => {
    const facts = { errno: 1213, code: 'ER_LOCK_DEADLOCK', message: 'Deadlock found' };
    for (const error of bothWays(facts)) {
      expect(databaseErrorFacts(error)).toEqual({ ...facts, connectionLost: false });
    }
  });

  it('ignores negative numbers, which belong to the operating system', () => {
    const error = driverError({ errno: -104, code: 'ECONNRESET' });
    expect(databaseErrorFacts(error)).toMatchObject({ errno: undefined, connectionLost: true });
  });

  it('is undefined for anything but a database error', () => {
    for (const thrown of [new Error('a bug'), 'a text', undefined, { driverError: 1 }]) {
      expect(databaseErrorFacts(thrown)).toBeUndefined();
    }
  });
});

describe('isDuplicateKey', () => {
  const message = "Duplicate entry 'jane' for key 'users.uq_users_identifier'";
  const duplicate = queryFailed({ errno: 1062, code: 'ER_DUP_ENTRY', message });

  it('recognises a duplicate in a unique key, and which key it was', () => {
    expect(isDuplicateKey(duplicate)).toBe(true);
    expect(isDuplicateKey(duplicate, 'uq_users_identifier')).toBe(true);
    expect(isDuplicateKey(duplicate, 'uq_waitlist_line')).toBe(false);
  });

  it('recognises no other error', () => {
    expect(isDuplicateKey(queryFailed({ errno: 1213, message }))).toBe(false);
    expect(isDuplicateKey(new Error(message))).toBe(false);
  });
});
