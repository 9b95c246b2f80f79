import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPOSE_VARIABLES, EnvFileError, parseEnvFile, readEnvFile } from './env-file.js';

const ROOT = join(__dirname, '../../..');

const valuesOf = (text: string) => Object.fromEntries(parseEnvFile(text));

function faultsOf(text: string): string[] {
  try {
    parseEnvFile(text);
  } catch (error) {
    if (error instanceof EnvFileError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

describe('a .env file', () => {
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rowlock-env-'));
    file = join(folder, '.env');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const read = (content: Buffer | string) => {
    writeFileSync(file, content);
    return Object.fromEntries(readEnvFile(file));
  };

  const TEXT = 'AUTH_MODE=keys\r\nPORT=8080\r\n';
  const swapped = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16, as PowerShell writes it', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
    ['big-endian UTF-16', swapped(`\uFEFF${TEXT}`)],
  ])('keeps its first setting in %s', (_, bytes) => {
    expect(read(bytes)).toEqual({ AUTH_MODE: 'keys', PORT: '8080' });
  });

  it.each([
    ['ill-formed UTF-8', Buffer.from('DATA_DIR=caf\xe9', 'latin1')],
    ['UTF-16 without a mark', Buffer.from(TEXT, 'utf16le')],
  ])('is refused in %s', (_, bytes) => {
    expect(() => read(bytes)).toThrow('it is not UTF-8 text');
  });

  it('is refused if it cannot be read', () => {
    expect(() => readEnvFile(folder)).toThrow(EnvFileError);
  });

  it.each([
    ['AUTH_MODE=keys', 'keys'],
    ['AUTH_MODE=keys\r', 'keys'],
    [' AUTH_MODE = keys ', 'keys'],
    ['export AUTH_MODE=keys', 'keys'],
    ['export \t AUTH_MODE=keys', 'keys'],
    ['AUTH_MODE=keys # not open', 'keys'],
    ['AUTH_MODE="keys" # not open', 'keys'],
    ["AUTH_MODE='keys'", 'keys'],
    ['AUTH_MODE=`keys`', 'keys'],
    ['\uFEFFAUTH_MODE=keys', 'keys'],
    ['AUTH_MODE=', ''],
    ['AUTH_MODE= # none', ''],
    ['AUTH_MODE="pass # word"', 'pass # word'],
    ['AUTH_MODE=pass#word', 'pass#word'],
    ['AUTH_MODE=$HOME', '$HOME'],
    ['AUTH_MODE=a=b', 'a=b'],
    ["AUTH_MODE=it's", "it's"],
  ])('means the same in any spelling: %j', (line, value) => {
    expect(valuesOf(`# A comment\n\n${line}\nPORT=1`)).toEqual({ AUTH_MODE: value, PORT: '1' });
  });

  it.each([
    ['AUTH_MOD=keys', 'AUTH_MOD is not a setting. Did you mean AUTH_MODE?'],
    ['auth_mode=keys', 'auth_mode is not a setting. Did you mean AUTH_MODE?'],
    ['AUTH-MODE=keys', 'AUTH-MODE is not a setting. Did you mean AUTH_MODE?'],
    ['AUTH_\u200bMODE=keys', 'AUTH_\\u{200B}MODE is not a setting. Did you mean AUTH_MODE?'],
    ['АUTH_MODE=keys', '\\u{410}UTH_MODE is not a setting. Did you mean AUTH_MODE?'],
    [
      'RATE_LIMITS_ENABLED=0',
      'RATE_LIMITS_ENABLED is not a setting. Did you mean RATE_LIMIT_ENABLED?',
    ],
    ['MYSQL_PASWORD=x', 'MYSQL_PASWORD is not a setting. Did you mean MYSQL_PASSWORD?'],
    ['EDITOR=vim', 'EDITOR is not a setting. .env.example lists all settings.'],
    ['toString=1', 'toString is not a setting. .env.example lists all settings.'],
  ])('names what is not a setting, with the nearest: %s', (line, fault) => {
    expect(faultsOf(`PORT=1\n${line}`)).toEqual([`  line 2: ${fault}`]);
  });

  it.each([
    'AUTH_MODE',
    'AUTH_MODE: keys',
    'set AUTH_MODE=keys',
    'AUTH_MODE="keys',
    'AUTH_MODE="keys"s',
    'AUTH_MODE=#keys',
    '=keys',
  ])('does not lose a line in silence: %j', (line) => {
    const [fault, ...others] = faultsOf(`PORT=1\n${line}`);
    expect(fault).toMatch(/^ {2}line 2: is not NAME=value/);
    expect(others).toEqual([]);
  });

  it('refuses a setting that is given twice', () => {
    expect(faultsOf('AUTH_MODE=keys\nPORT=1\nAUTH_MODE=open')).toEqual([
      '  line 3: AUTH_MODE is already set in line 1.',
    ]);
  });

  it('lists all faults at once, and no values', () => {
    const faults = faultsOf('ADMIN_KEY=s3cret\nPORT=1\nPORT=2\nDATABASE_URL: mysql://s3cret');
    expect(faults.map((fault) => fault.trim().split(':')[0])).toEqual([
      'line 1',
      'line 3',
      'line 4',
    ]);
    expect(faults.join()).not.toContain('s3cret');
  });

  it('may set what docker-compose.yml reads, and variables of Compose and OpenTelemetry', () => {
    const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
    const asked = [...compose.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!);
    const others = ['COMPOSE_PROFILES', 'OTEL_SERVICE_NAME'];
    const text = [...new Set([...asked, ...others])].map((name) => `${name}=x`).join('\n');
    expect(faultsOf(text)).toEqual([]);
    expect(asked).toEqual(expect.arrayContaining(COMPOSE_VARIABLES));
  });
});
