import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useDatabase } from '../kit/index.js';
import { type End, ShippedLayout } from './support/layout.js';

/** Installing or compiling beside a running service would take its files away. */
describe('a command beside the service, without NODE_ENV', () => {
  const database = useDatabase();
  let folder: string;
  let layout: ShippedLayout;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rowlock-shipped-'));
    layout = new ShippedLayout(folder);
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (script: string, ...args: string[]): Promise<End> =>
    layout.run(script, args, { DATABASE_URL: database.url });

  const remove = (name: string): void =>
    rmSync(layout.path(name), { recursive: true, force: true });

  /** Adds sources that differ from those that were compiled, as in a clone. */
  const addSources = (): void => {
    mkdirSync(layout.path('src'));
    writeFileSync(layout.path('src/main.ts'), '');
    writeFileSync(layout.path('dist/.sources'), 'others');
  };

  it.each([
    ['keys', 'list', /^No keys yet/],
    ['migrate', 'status', /^\[X\]/],
    ['start', '--version', /^\d+\./],
  ])('%s %s installs nothing', async (script, verb, answer) => {
    const { code, out, complaint } = await run(script, verb);
    expect({ code, complaint }).toEqual({ code: 0, complaint: expect.any(String) as string });
    expect(out).toMatch(answer);
    expect(complaint).not.toMatch(/Installing|Compiling/);
    expect(layout.hasAskedNpm).toBe(false);
  });

  it.each([
    ['keys', 'list'],
    ['migrate', 'status'],
  ])('%s %s runs the compiled files and says that the sources differ', async (...args) => {
    addSources();
    const { code, complaint } = await run(...args);
    expect(code).toBe(0);
    expect(complaint).toContain('npm run build');
    expect(complaint).not.toMatch(/Installing|Compiling/);
    expect(layout.hasAskedNpm).toBe(false);
  });

  it.each([
    ['keys', 'list'],
    ['migrate', 'status'],
    ['start', '--version'],
  ])('%s %s names the missing package', async (...args) => {
    remove('node_modules/mysql2');
    const { code, out, complaint } = await run(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(complaint).toMatch(/^node_modules lacks mysql2\. .*npm ci --omit=dev\.\n$/);
    expect(layout.hasAskedNpm).toBe(false);
  });

  it.each([
    ['keys', 'list'],
    ['start', '--version'],
  ])('%s %s says that nothing is compiled if there are no sources either', async (...args) => {
    remove('dist');
    const { code, out, complaint } = await run(...args);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(complaint).toMatch(/^dist\/src\/main\.js is missing, .*no sources.*\n$/);
    expect(layout.hasAskedNpm).toBe(false);
  });

  it.each([
    [['frobnicate'], /^Unknown command\. Use up, down or status\.\n\nUsage:/],
    [['up', '--dry-run'], /^up takes no arguments\.\n$/],
  ])('refuses migrate %p', async (args, hint) => {
    const { code, out, complaint } = await run('migrate', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(complaint).toMatch(hint);
  });

  it.each(['\uFEFF', ''])('a first line of .env that begins with %j counts', async (mark) => {
    writeFileSync(layout.path('.env'), `${mark}DATABASE_URL=${database.url}\r\n`);
    const { code, out } = await layout.run('migrate', ['status'], {});
    expect(code).toBe(0);
    expect(out).toMatch(/^\[X\]/);
  });

  it.each([['start'], ['keys', 'list'], ['migrate', 'status']])(
    '%s %s stops at a name in .env that is not a setting',
    async (...args) => {
      writeFileSync(layout.path('.env'), 'AUTH_MOD=keys\n');
      const { code, out, complaint } = await run(...(args as [string]));
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(complaint).toBe(
        'Invalid .env:\n  line 1: AUTH_MOD is not a setting. Did you mean AUTH_MODE?\n',
      );
    },
  );

  it('a command in a fresh clone first installs packages', async () => {
    addSources();
    remove('dist');
    const { code, complaint } = await run('keys', 'list');
    expect(code).toBe(1);
    expect(complaint).toContain('Installing packages');
    expect(layout.hasAskedNpm).toBe(true);
  });

  it('start installs packages without their scripts, and shows npm no secret', async () => {
    addSources();
    const secrets = {
      DATABASE_URL: 'mysql://rowlock:hunter2@127.0.0.1:1/rowlock',
      REDIS_URL: 'redis://:hunter2@127.0.0.1:1',
      ADMIN_API_KEY: '5d1c0be7f5a4923e88d0a7b1c6f2493b-hunter2',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=hunter2',
      AWS_SECRET_ACCESS_KEY: 'hunter2',
    };
    const needed = { HOME: folder, npm_config_registry: 'http://127.0.0.1:1', HTTPS_PROXY: 'p' };
    expect((await layout.run('start', [], { ...secrets, ...needed })).code).toBe(1);
    const { args, environment } = layout.npmCall;
    expect(args).toContain('--ignore-scripts');
    expect(environment).toMatchObject({ PATH: process.env['PATH'], ...needed });
    expect(JSON.stringify(environment)).not.toContain('hunter2');
  });
});
