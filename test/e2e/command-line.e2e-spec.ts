import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const MAIN = join(ROOT, 'dist/src/main.js');
const START = join(ROOT, 'scripts/start.mjs');

interface End {
  readonly code: number | null;
  readonly out: string;
  readonly complaint: string;
}

function run(script: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<End> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], ...environment };
    const child = spawn(process.execPath, [script, ...args], { env });
    let [out, complaint] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.on('close', (code) => resolve({ code, out, complaint }));
  });
}

describe.each([
  ['npm start --', START],
  ['node dist/src/main.js', MAIN],
])('%s', (_, script) => {
  it.each(['--help', '-h'])(
    '%s prints the usage, settings, examples and exit codes',
    async (option) => {
      const { code, out, complaint } = await run(script, [option]);
      expect({ code, complaint }).toEqual({ code: 0, complaint: '' });
      for (const part of ['Usage:', 'PORT=3000', 'DATABASE_URL', 'Examples:', 'Exit codes:'])
        expect(out).toContain(part);
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(90);
    },
  );

  it.each(['--version', '-v'])('%s prints the version', async (option) => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await run(script, [option])).toEqual({ code: 0, out: `${version}\n`, complaint: '' });
  });

  it.each([['--port=3000'], ['PORT=3000'], ['--hepl'], ['start'], ['--help', 'me']])(
    'refuses %s with a one-line hint at --help',
    async (...args) => {
      const { code, out, complaint } = await run(script, args);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(complaint).toContain('--help');
      expect(complaint.trim().split('\n')).toHaveLength(1);
    },
  );
});

describe('a service that cannot start', () => {
  const SECRET = 'S3cret-of-32-characters-or-so-in-it';

  /** The test database, with a password that none of its users has. */
  function refused(): string {
    const url = new URL(process.env['TEST_SERVER_URL']!);
    url.password = SECRET;
    return url.href;
  }

  it.each<[string, () => NodeJS.ProcessEnv, readonly string[]]>([
    ['a wrong password', () => ({ DATABASE_URL: refused() }), ['Access denied for user']],
    [
      'no database at that address',
      () => ({ DATABASE_URL: `mysql://app:${SECRET}@127.0.0.1:1/rowlock` }),
      ['The database of DATABASE_URL (127.0.0.1:1/rowlock) cannot be used'],
    ],
    [
      'no database at any of several addresses',
      () => ({ DATABASE_URL: `mysql://app:${SECRET}@127.0.0.1:1,127.0.0.1:2/rowlock` }),
      ['127.0.0.1:1: connect ECONNREFUSED', '; 127.0.0.1:2: connect ECONNREFUSED'],
    ],
    [
      'a missing certificate',
      () => ({ DATABASE_URL: `mysql://app:${SECRET}@localhost/rowlock?ssl=/nowhere.pem` }),
      ['/nowhere.pem'],
    ],
    [
      'invalid settings',
      () => ({
        DATABASE_URL: `mysql://app:${SECRET}%zz@localhost/rowlock`,
        REDIS_URL: `http://app:${SECRET}@localhost`,
        ADMIN_API_KEY: `${SECRET} and more`,
        OTEL_EXPORTER_OTLP_ENDPOINT: `ftp://app:${SECRET}@localhost`,
      }),
      ['DATABASE_URL', 'REDIS_URL', 'ADMIN_API_KEY', 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    ],
  ])('says why without revealing a secret: %s', async (_, environment, reasons) => {
    const settings = { NODE_ENV: 'production', AUTH_MODE: 'open', PORT: '0', ...environment() };
    const { code, out, complaint } = await run(MAIN, [], settings);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(complaint).toMatch(/^Rowlock could not start\. /);
    for (const reason of reasons) expect(complaint).toContain(reason);
    expect(complaint).not.toContain(SECRET);
  });
});

describe('a service that cannot listen', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rowlock-port-'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const start = (environment: NodeJS.ProcessEnv): Promise<End> =>
    run(MAIN, [], { DATA_DIR: join(folder, 'data'), ...environment });

  it('says that the port is in use, before it prepares a database', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, out, complaint } = await start({ PORT: String(port) });
    other.close();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(complaint).toBe(
      `Rowlock could not start. 127.0.0.1:${port} is already in use: stop the other program, or set PORT.\n`,
    );
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('says that the address does not belong to this machine', async () => {
    const { code, complaint } = await start({ HOST: '192.0.2.1', AUTH_MODE: 'keys' });
    expect(code).toBe(1);
    expect(complaint).toBe(
      'Rowlock could not start. "192.0.2.1" is not an address of this machine: set HOST.\n',
    );
  });
});
