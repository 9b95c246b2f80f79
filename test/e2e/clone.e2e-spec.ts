import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../kit/eventually.js';

const ROOT = join(__dirname, '../..');
const SOURCES = ['src', 'migrations', 'scripts', 'ormconfig.ts'];
const SET_UP = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** What a shell, a URL or a pattern could misread. */
const NAME = `My "Pro'jects" $HOME é #1 %20 [x]`;

describe('a clone in a folder with any name', () => {
  let parent: string;
  let clone: string;
  const run = (...args: string[]) => {
    const [TMPDIR, PATH] = [join(parent, NAME, 'tmp'), process.env['PATH']];
    return spawn('npm', args, { cwd: clone, env: { PATH, TMPDIR, PORT: '0', HOME: parent } });
  };

  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'rl-'));
    clone = join(parent, NAME, 'r');
    mkdirSync(join(parent, NAME, 'tmp'), { recursive: true });
    for (const name of [...SOURCES, ...SET_UP, 'nest-cli.json']) {
      cpSync(join(ROOT, name), join(clone, name), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  });

  afterAll(() => rmSync(parent, { recursive: true, force: true }));

  it('compiles, starts with its own database, and makes a key', async () => {
    const service = run('start');
    let said = '';
    service.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    service.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(service, 'close');
    try {
      await eventually('a service', () => said.includes('Listening'), 300_000);
      const keys = run('-s', 'run', 'keys', '--', 'create', ...KEY);
      let key = '';
      keys.stdout.on('data', (chunk: Buffer) => (key += chunk.toString()));
      expect(await once(keys, 'close')).toEqual([0, null]);
      expect(key).toMatch(/^rlk_/);
    } finally {
      service.kill('SIGTERM');
      await ended;
    }
    expect(said).toMatch(/Stopped after/);
  }, 400_000);
});

const KEY = ['--organiser', 'A', '--name', 'web', '--scopes', 'all'];
