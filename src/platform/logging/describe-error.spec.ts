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
  it('tells number and code of a database error, and nothing of its rows or parameters', () => {
    for (const error of [queryFailed(), driverError(`Duplicate entry '${SECRET}'`)]) {
      const description = describeError(error);
      expect(description).toMatchObject({ message: 'ER_DUP_ENTRY', errno: 1062 });
      expect(JSON.stringify(description)).not.toContain('jane');
      expect(description.stack).toContain('describe-error.spec.ts');
    }
  });

  it('tells nothing of them when they are the cause of something else', () => {
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

  it('is not deceived by a row that looks like a line of the stack', () => {
    const message = `Duplicate entry 'x\n    at ${SECRET} (a.ts:1:1)' for key 'uq'`;
    expect(JSON.stringify(describeError(queryFailed(message)))).not.toContain('jane');
  });

  it('says so if a database error has no code', () => {
    const error = Object.assign(new Error(`Can't add new command: ${SECRET}`), { fatal: true });
    expect(describeError(error)).toMatchObject({ message: 'database error', errno: undefined });
  });

  it('tells message and frames of a bug of our own', () => {
    const description = describeError(new RangeError('out of range'));
    expect(description).toMatchObject({ type: 'RangeError', message: 'out of range' });
    expect(description.stack!.split('\n').every((line) => /^\s+at /.test(line))).toBe(true);
    expect(description).not.toHaveProperty('cause');
    expect(description).not.toHaveProperty('errno');
  });

  it.each([SECRET, 5, null, undefined, { identifier: SECRET }])(
    'does not repeat what was thrown without being an error: %j',
    (thrown) => {
      expect(describeError(thrown)).toEqual({
        type: typeof thrown,
        message: 'not an Error',
        stack: undefined,
      });
    },
  );

  it('ends, also where an error is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/round/g)).toHaveLength(6);
  });
});
