import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, loadDatabaseConfig } from './config.js';

const KEY = '5d1c0be7f5a4923e88d0a7b1c6f2493be07a51d8c3f6920e';
const URL = 'mysql://rowlock:s3cret@db.internal/rowlock';

describe('a setting that holds a secret', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (text: string): string => {
    const path = join(folder, `${Math.random()}`);
    writeFileSync(path, text);
    return path;
  };
  const faultsOf = (environment: NodeJS.ProcessEnv): string[] => {
    try {
      loadConfig(environment);
      return [];
    } catch (error) {
      return (error as Error).message.split('\n').slice(1);
    }
  };

  it.each([
    ['DATABASE_URL', URL],
    ['REDIS_URL', 'redis://:s3cret@cache.internal'],
    ['ADMIN_API_KEY', KEY],
  ])('can be read from the file that %s_FILE names', (name, value) => {
    const environment = { AUTH_MODE: 'keys', [`${name}_FILE`]: file(value) };
    expect(loadConfig(environment)).toMatchObject({ [name]: value });
  });

  it.each(['\n', '\r\n'])('loses the line break %j at the end of its file', (end) => {
    expect(loadConfig({ DATABASE_URL_FILE: file(URL + end) }).DATABASE_URL).toBe(URL);
  });

  it('loses the byte order mark of its file', () => {
    expect(loadConfig({ DATABASE_URL_FILE: file(`\u{FEFF}${URL}`) }).DATABASE_URL).toBe(URL);
  });

  it('must not be set in both ways', () => {
    const DATABASE_URL_FILE = file(URL);
    const fault = '  DATABASE_URL_FILE: is set together with DATABASE_URL; set only one of them';
    expect(faultsOf({ DATABASE_URL: URL, DATABASE_URL_FILE })).toEqual([fault]);
    expect(faultsOf({ DATABASE_URL: ' ', DATABASE_URL_FILE })).toEqual([]);
  });

  it('names a file that cannot be read, in one sentence', () => {
    const missing = join(folder, 'missing');
    const fault = `  DATABASE_URL_FILE: ${missing} cannot be read (ENOENT)`;
    expect(faultsOf({ DATABASE_URL_FILE: missing })).toEqual([fault]);
    mkdirSync(join(folder, 'sub'));
    expect(faultsOf({ REDIS_URL_FILE: join(folder, 'sub') })[0]).toContain('(EISDIR)');
  });

  it.each(['', '\n', ' '])('must not be missing in its file: %j', (text) => {
    expect(faultsOf({ REDIS_URL_FILE: file(text) })[0]).toMatch(/REDIS_URL_FILE: .* is empty$/);
  });

  it('is checked like one in the environment, and not shown', () => {
    const [fault, ...others] = faultsOf({ DATABASE_URL_FILE: file('mysq://rowlock:s3cret@db/x') });
    expect(fault).toContain('DATABASE_URL: must look like');
    expect(fault).not.toContain('s3cret');
    expect(others).toEqual([]);
    const weak = { AUTH_MODE: 'keys', ADMIN_API_KEY_FILE: file('a'.repeat(32)) };
    expect(faultsOf(weak)[0]).toContain('ADMIN_API_KEY: is easy to guess');
    expect(faultsOf({ ADMIN_API_KEY_FILE: file(KEY) })[0]).toContain('AUTH_MODE: is required');
  });

  it('is read only by commands that need it', () => {
    const environment = { DATABASE_URL_FILE: file(URL), REDIS_URL_FILE: '/nowhere/redis' };
    expect(loadDatabaseConfig(environment).DATABASE_URL).toBe(URL);
  });
});
