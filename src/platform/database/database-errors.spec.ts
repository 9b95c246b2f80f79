import { QueryFailedError } from 'typeorm';
import { DomainError } from '../errors/index.js';
import {
  databaseErrorFacts,
  isDiskFull,
  isDuplicateKey,
  type Stage,
  verdictOn,
  violatedConstraint,
} from './database-errors.js';

interface DriverFacts {
  readonly errno?: number;
  readonly code?: string;
  readonly sqlState?: string;
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
  ["MariaDB's time limit of statements", { errno: 1969, sqlState: '70100' }],
  ["MySQL's time limit of statements", { errno: 3024, sqlState: 'HY000' }],
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
  ['server in offline mode', { errno: 3032, sqlState: 'HY000' }],
  ['disk full', { errno: 1021, sqlState: 'HY000' }],
  ['table full', { errno: 1114, sqlState: 'HY000' }],
  ['storage engine without space', { errno: 1030, message: 'Got error 28 "No space left"' }],
  ['database dropped', { errno: 1046, sqlState: '3D000' }],
  ['privilege revoked', { errno: 1142, sqlState: '42000' }],
  ['limit of the user', { errno: 1226, sqlState: '42000' }],
  ['limit of the server on joins', { errno: 1104, sqlState: '42000' }],
  ['packet larger than the server accepts', { errno: 1153, sqlState: '08S01' }],
  ['out of memory', { errno: 1037, sqlState: 'HY001' }],
  ['error of a proxy', { errno: 9006, sqlState: 'HY000' }],
  ['error number that nobody knows', { errno: 7777, sqlState: 'HY000' }],
];

const NO_CONNECTION: readonly Row[] = [
  ['password changed', { errno: 1045, sqlState: '28000' }],
  ['account locked on MySQL', { errno: 3118, sqlState: 'HY000' }],
  ['account locked on MariaDB', { errno: 4151, sqlState: 'HY000' }],
  ['password expired', { errno: 1862, sqlState: 'HY000' }],
  ['no privilege on the database', { errno: 1044, sqlState: '42000' }],
  ['no such database', { errno: 1049, sqlState: '42000' }],
  ['host blocked', { errno: 1129, sqlState: 'HY000' }],
  ['host not allowed', { errno: 1130, sqlState: 'HY000' }],
  ['certificate refused', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }],
  ['error without number and code', { message: 'Queue limit reached.' }],
  ['session setting unknown to the server', { errno: 1193, sqlState: 'HY000' }],
];

const OUR_BUGS: readonly Row[] = [
  ['duplicate key', { errno: 1062, sqlState: '23000' }],
  ['check constraint of MySQL', { errno: 3819, sqlState: 'HY000' }],
  ['check constraint of MariaDB', { errno: 4025, sqlState: '23000' }],
  ['foreign key', { errno: 1452, sqlState: '23000' }],
  ['NULL in a column that has none', { errno: 1048, sqlState: '23000' }],
  ['syntax error', { errno: 1064, sqlState: '42000' }],
  ['unknown column', { errno: 1054, sqlState: '42S22' }],
  ['unknown table', { errno: 1146, sqlState: '42S02' }],
  ['wrong number of values', { errno: 1136, sqlState: '21S01' }],
  ['data too long', { errno: 1406, sqlState: '22001' }],
  ['number out of range', { errno: 1264, sqlState: '22003' }],
  ['data truncated', { errno: 1265, sqlState: '01000' }],
  ['value that does not fit', { errno: 1366, sqlState: 'HY000' }],
  ['column without a value', { errno: 1364, sqlState: 'HY000' }],
  ['value that a trigger rejects', { errno: 1644, sqlState: '45000' }],
  ['mixed collations', { errno: 1267, sqlState: 'HY000' }],
  ['statement that the driver refused', { code: 'ERR_INVALID_ARG_TYPE' }],
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

  describe.each(NO_CONNECTION)('%s', (_, facts) => {
    it('is about the server if it fails a connection', () => {
      for (const error of bothWays(facts)) expect(verdictOn(error, 'acquire')).toBe('reconnect');
    });
  });

  describe.each(OUR_BUGS)('%s', (_, facts) => {
    it('is a bug of ours, because the statement or its values are wrong', () => {
      for (const stage of ['body', 'rollback'] as const) {
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

  it('leaves a refusal of the service as it is', () => {
    for (const stage of ['acquire', 'body'] as const) {
      expect(verdictOn(new DomainError('overloaded'), stage)).toBe('fatal');
    }
  });

  it('goes by error numbers: a message that mentions a deadlock is not one', () => {
    const facts = { errno: 1064, sqlState: '42000', message: "near 'deadlock 149 1213'" };
    expect(verdictOn(queryFailed(facts), 'body')).toBe('fatal');
  });

  it('does not find 149 inside another number', () => {
    const facts = { errno: 1180, message: 'Got error 1490 during COMMIT' };
    expect(verdictOn(queryFailed(facts), 'commit')).toBe('unknown');
  });
});

describe('databaseErrorFacts', () => {
  it('finds the same facts in a driver error and in its wrapper', () => {
    const facts = {
      errno: 1213,
      code: 'ER_LOCK_DEADLOCK',
      sqlState: '40001',
      message: 'Deadlock found',
    };
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

describe('isDiskFull', () => {
  it.each<DriverFacts>([
    { errno: 1021 },
    { errno: 1114 },
    { errno: 1030, message: 'Got error 28 "No space left on device" from storage engine InnoDB' },
    { errno: 1026, message: "Error writing file './binlog' (Errcode: 28 - No space left)" },
  ])('recognises %p', (facts) => {
    expect(isDiskFull(queryFailed(facts))).toBe(true);
  });

  it.each<DriverFacts>([
    { errno: 1030, message: 'Got error 168 from storage engine' },
    { errno: 1290, message: '28' },
  ])('does not take %p for it', (facts) => {
    expect(isDiskFull(queryFailed(facts))).toBe(false);
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

describe('violatedConstraint', () => {
  it.each([
    [1062, "Duplicate entry '7' for key 'waitlist_entries.uq_waitlist_line'", 'uq_waitlist_line'],
    [1062, "Duplicate entry '7' for key 'uq_waitlist_line'", 'uq_waitlist_line'],
    [3819, "Check constraint 'ck_sections_waiting' is violated.", 'ck_sections_waiting'],
    [4025, 'CONSTRAINT `ck_sections_waiting` failed for `db`.`sections`', 'ck_sections_waiting'],
    [1213, "Deadlock for key 'uq_waitlist_line'", undefined],
  ])('reads the name from a message of error %i: %s', (errno, message, name) => {
    expect(violatedConstraint(queryFailed({ errno, message }))).toBe(name);
  });

  it('is not misled by values of the row', () => {
    const message =
      "Duplicate entry 'x' for key 'uq_waitlist_line'' for key 'users.uq_users_identifier'";
    expect(violatedConstraint(queryFailed({ errno: 1062, message }))).toBe('uq_users_identifier');
  });
});
