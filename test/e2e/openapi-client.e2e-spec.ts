import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { useApp, useDatabase } from '../kit/index.js';
import { makeKey } from '../kit/keys.js';

const ROOT = join(__dirname, '../..');
const MODULES = join(ROOT, 'node_modules');
const CLIENT = join(__dirname, 'support/client');

const OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  target: 'es2023',
  module: 'nodenext',
  types: ['node'],
};

/** Runs a program and returns its output. */
async function run(folder: string, ...args: readonly string[]): Promise<string> {
  const options = { cwd: folder, timeout: 50_000 };
  const { stdout } = await promisify(execFile)(process.execPath, args, options).catch(
    // A compiler prints its errors to standard output.
    (error: { readonly stdout: string; readonly stderr: string }) => {
      throw new Error(`${args.join(' ')}: ${error.stdout}${error.stderr}`);
    },
  );
  return stdout;
}

describe('a client generated from the document', () => {
  const database = useDatabase();
  const app = useApp(database, { AUTH_MODE: 'keys' });
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rowlock-client-'));
    await symlink(MODULES, join(folder, 'node_modules'));
    await cp(CLIENT, folder, { recursive: true });
    const config = { compilerOptions: OPTIONS, include: ['*.mts', '*.d.ts'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('compiles, and books a ticket', async () => {
    const generator = join(MODULES, 'openapi-typescript/bin/cli.js');
    await run(folder, generator, join(ROOT, 'docs/openapi.json'), '-o', 'schema.d.ts');
    await run(folder, join(MODULES, 'typescript/bin/tsc'), '-p', 'tsconfig.json');
    const { port } = app.server.address() as { readonly port: number };
    const key = await makeKey(database.url, 'Theatre');
    const printed = await run(folder, 'book.mjs', `http://127.0.0.1:${port}`, key);
    expect(JSON.parse(printed)).toEqual({
      ann: 'CONFIRMED',
      again: 'CONFIRMED',
      bob: 'waits at 1',
      two: 'at most 1',
      seats: 0,
    });
  });
});
