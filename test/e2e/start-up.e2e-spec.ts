import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useDatabase } from '../kit/index.js';
import type { FileGlobals } from '../kit/database.js';
import { type End, endOf } from './support/layout.js';

const ROOT = join(__dirname, '../..');
const MAIN = join(ROOT, 'dist/src/main.js');

/** Printed by the service when it starts and when it stops. */
describe('the start and stop messages', () => {
  const database = useDatabase();

  const spawned = (environment: NodeJS.ProcessEnv) => {
    const env = { PATH: process.env['PATH'], DATABASE_URL: database.url, PORT: '0' };
    const settings = { LOG_LEVEL: 'silent', SHUTDOWN_IDLE_SECONDS: '0', ...environment };
    const child = spawn(process.execPath, [MAIN], { env: { ...env, ...settings } });
    ((globalThis as FileGlobals).testProcesses ??= []).push(child);
    return child;
  };

  /** Starts the service, asks it to stop, and returns all lines of its output. */
  async function life(environment: NodeJS.ProcessEnv = {}): Promise<string[]> {
    const child = spawned(environment);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const listened = out.includes('Listening');
      out += chunk.toString();
      // The last start message comes with this one or right after it.
      if (!listened && out.includes('Listening')) setTimeout(() => child.kill('SIGTERM'), 300);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    expect(code).toBe(0);
    return out.trim().split('\n');
  }

  it('show a command to try', async () => {
    const said = (await life()).join('\n');
    expect(said).toContain('/initialize');
    expect(said).not.toMatch(/Authorization|Warning/);
  });

  it('show a command with an API key if keys are required', async () => {
    const lines = await life({ AUTH_MODE: 'keys', HOST: '0.0.0.0' });
    const said = lines.join('\n');
    expect(said).toMatch(/Try +curl [^]*-H 'Authorization: Bearer <key>'/);
    expect(said).not.toContain('Warning');
  });

  it('warn about an open service on a public address', async () => {
    const lines = await life({ HOST: '0.0.0.0', AUTH_MODE: 'open', NODE_ENV: 'production' });
    const warnings = lines
      .map((line) => JSON.parse(line) as { level: number; msg: string })
      .filter(({ level }) => level === 40)
      // The machine may not allow as many connections as the service asks for.
      .filter(({ msg }) => !msg.includes('Limits     too low'));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]!.msg).toMatch(/^Warning .*AUTH_MODE=keys/);
  });

  it('say that the service is stopping, and that it has stopped', async () => {
    const [ending, ended] = (await life()).slice(-2);
    expect(ending).toMatch(/^Stopping on SIGTERM/);
    expect(ended).toMatch(/^Stopped after \d+\.\d s$/);
  });

  it('are JSON in production, at the end as well', async () => {
    const lines = await life({ NODE_ENV: 'production', AUTH_MODE: 'keys' });
    const said = lines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(said.slice(-2).map((msg) => msg.split(' ')[0])).toEqual(['Stopping', 'Stopped']);
  });

  it('do not make the service fail when nobody reads them', async () => {
    const child = spawned({});
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});

describe('a service that cannot start', () => {
  const database = useDatabase();
  const start = (DATABASE_URL: string): Promise<End> =>
    endOf(MAIN, [], { PATH: process.env['PATH'], PORT: '0', DATABASE_URL });

  it.each([
    ['no server answers', 'mysql://rowlock:hunter2@127.0.0.1:1/rowlock', '127.0.0.1:1/rowlock'],
    ['the host is unknown', 'mysql://rowlock:hunter2@nowhere.invalid/rowlock', 'nowhere.invalid'],
  ])('names DATABASE_URL if %s', async (_, url, where) => {
    const { code, complaint } = await start(url);
    expect(code).toBe(1);
    expect(complaint).toMatch(/^Rowlock could not start\. The database of DATABASE_URL \(.+\n$/);
    expect(complaint).toContain(where);
    expect(complaint).not.toContain('hunter2');
  });

  it.each([
    ['the user is refused', (url: URL) => (url.username = 'nobody')],
    ['there is no such database', (url: URL) => (url.pathname = '/not_there')],
  ])('names DATABASE_URL if %s', async (_, change) => {
    const url = new URL(database.url);
    url.password = 'hunter2';
    change(url);
    const { code, complaint } = await start(url.href);
    expect(code).toBe(1);
    expect(complaint).toMatch(/^Rowlock could not start\. The database of DATABASE_URL \(.+\n$/);
    expect(complaint).not.toContain('hunter2');
  });

  it.each(['keys', 'migrate'])('npm run %s names DATABASE_URL, too', async (script) => {
    const DATABASE_URL = 'mysql://rowlock:hunter2@127.0.0.1:1/rowlock';
    const verb = { keys: 'list', migrate: 'status' }[script]!;
    const path = join(ROOT, `scripts/${script}.mjs`);
    const { code, complaint } = await endOf(path, [verb], {
      PATH: process.env['PATH'],
      DATABASE_URL,
    });
    expect(code).toBe(1);
    expect(complaint).toMatch(/ failed: The database of DATABASE_URL \(127\.0\.0\.1:1\/rowlock\)/);
    expect(complaint).not.toContain('hunter2');
  });

  it('npm run start:prod says that nothing is compiled yet', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rowlock-start-'));
    copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
    const child = spawn('npm', ['run', '-s', 'start:prod', '--', '--version'], { cwd: folder });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    rmSync(folder, { recursive: true, force: true });
    expect(code).toBe(1);
    expect(complaint).toContain('Nothing is compiled yet: npm run build');
    expect(complaint).not.toContain('    at ');
  });
});
