import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmptyDatabase, type FileGlobals } from '../kit/database.js';
import { TcpProxy } from '../kit/tcp-proxy.js';
import { eventually } from '../kit/eventually.js';
import { buildImage, type Stage } from './support/image.js';
import { freePort } from '../kit/free-port.js';

const NOBODY = 65_534;
const PACKAGES_MB_MAX = 90;
const BUILD_MS_MAX = 240_000;

interface End {
  readonly code: number | null;
  readonly output: string;
  /** The part that came on standard output. */
  readonly answer: string;
}

/** The image as far as it works without an engine: built by its own steps, run without root. */
describe('the image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-image-'));
  let image: Stage;
  let proxy: TcpProxy;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    image = await buildImage(folder);
    const url = await createEmptyDatabase(`t_image_${process.pid}`);
    // Another user may not open the socket of the test server.
    proxy = await TcpProxy.inFrontOf(url);
    environment = {
      PATH: process.env['PATH'],
      ...image.environment,
      DATABASE_URL: proxy.url,
      AUTH_MODE: 'keys',
      PORT: String(await freePort()),
    };
  }, BUILD_MS_MAX);

  afterAll(async () => {
    await proxy?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (command: readonly string[]) => {
    const child = spawn(command[0]!, command.slice(1), {
      cwd: image.workdir,
      env: environment,
      ...(process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
    });
    ((globalThis as FileGlobals).testProcesses ??= []).push(child);
    return child;
  };

  const run = async (...command: string[]): Promise<End> => {
    const child = start(command);
    let [output, answer] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output, answer };
  };

  const filesUnder = (path: string): string[] =>
    readdirSync(join(image.workdir, path), { recursive: true, encoding: 'utf8' });

  it('contains what runs, and nothing else', () => {
    expect(readdirSync(image.workdir).sort()).toEqual([
      'dist',
      'node_modules',
      'package-lock.json',
      'package.json',
      'scripts',
    ]);
    for (const name of ['typescript', 'jest', '@nestjs/cli', 'oxlint'])
      expect(existsSync(join(image.workdir, 'node_modules', name))).toBe(false);
    expect(filesUnder('dist').filter((file) => /\.(?:ts|map)$/.test(file))).toEqual([]);
    const bytes = filesUnder('node_modules')
      .map((file) => statSync(join(image.workdir, 'node_modules', file)).size)
      .reduce((sum, size) => sum + size, 0);
    expect(bytes / 1024 / 1024).toBeLessThan(PACKAGES_MB_MAX);
    expect(image.user).toBe('node');
  });

  it('migrates, creates keys, serves, reports its health and stops on SIGTERM', async () => {
    const migrated = await run('node', 'scripts/migrate.mjs', 'up');
    expect(migrated).toMatchObject({ code: 0 });
    expect(migrated.output).toMatch(/^ran Create/);
    const made = ['--organiser', 'Arena', '--name', 'web', '--scopes', 'all'];
    const keys = await run('node', 'scripts/keys.mjs', 'create', ...made);
    expect(keys).toMatchObject({ code: 0 });
    expect(await run(...image.healthCheck)).toMatchObject({ code: 1 });
    const service = start(image.command);
    service.stdout.resume();
    service.stderr.resume();
    const isAlive = async (): Promise<boolean> => (await run(...image.healthCheck)).code === 0;
    await eventually('a healthy service', isAlive, 20_000);
    const Authorization = `Bearer ${keys.answer.trim()}`;
    const url = `http://127.0.0.1:${environment['PORT']!}/v1/events`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { Authorization } })).status).toBe(200);
    const ended = once(service, 'exit');
    service.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
