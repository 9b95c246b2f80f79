import { QueryFailedError } from 'typeorm';
import { DomainError } from '../errors/index.js';
import { describeError } from './describe-error.js';

const SECRET = 'jane@example.com';

const driverError = (message: string) =>
  Object.assign(new Error(message), {
    code: 'ER_DUP_ENTRY',
    errno: 1062,
    sqlState: '23000',
    sqlMessage: message,
    sql: `INSERT INTO users VALUES ('${SECRET}')`,
  });

const queryFailed = (message = `Duplicate entry '${SECRET}' for key 'uq_users_identifier'`) =>
  new QueryFailedError('INSERT INTO users VALUES (?)', [SECRET], driverError(message));

describe('describeError', () => {
  it('includes the number and code of a database error, but no rows or parameters', () => {
    for (const error of [queryFailed(), driverError(`Duplicate entry '${SECRET}'`)]) {
      const description = describeError(error);
      expect(description).toMatchObject({ message: 'ER_DUP_ENTRY', errno: 1062 });
      expect(JSON.stringify(description)).not.toContain('jane');
      expect(description.stack).toContain('describe-error.spec.ts');
    }
  });

  it('omits rows and parameters of a database error that is a cause', () => {
    const cause = new Error('while saving', { cause: queryFailed() });
    const error = new DomainError('lock_timeout', { cause });
    const description = describeError(error);
    expect(description).toMatchObject({
      type: 'DomainError',
      message: expect.stringContaining('Nothing was changed.'),
      cause: { message: 'while saving', cause: { message: 'ER_DUP_ENTRY', errno: 1062 } },
    });
    expect(JSON.stringify(description)).not.toContain('jane');
  });

  it('is not fooled by a row that looks like a stack frame', () => {
    const message = `Duplicate entry 'x\n    at ${SECRET} (a.ts:1:1)' for key 'uq'`;
    expect(JSON.stringify(describeError(queryFailed(message)))).not.toContain('jane');
  });

  it('describes a database error without a code', () => {
    const error = Object.assign(new Error(`Can't add new command: ${SECRET}`), { fatal: true });
    expect(describeError(error)).toMatchObject({ message: 'database error', errno: undefined });
  });

  it('includes the message and stack frames of any other error', () => {
    const description = describeError(new RangeError('out of range'));
    expect(description).toMatchObject({ type: 'RangeError', message: 'out of range' });
    expect(description.stack!.split('\n').every((line) => /^\s+at /.test(line))).toBe(true);
    expect(description).not.toHaveProperty('cause');
    expect(description).not.toHaveProperty('errno');
  });

  it.each([SECRET, 5, null, undefined, { identifier: SECRET }])(
    'does not repeat a thrown value that is not an error: %j',
    (thrown) => {
      expect(describeError(thrown)).toEqual({
        type: typeof thrown,
        message: 'not an Error',
        stack: undefined,
      });
    },
  );

  it('terminates if an error is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/round/g)).toHaveLength(6);
  });
});
