import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { eventually } from '../kit/eventually.js';
import { binaryUnderTest, query, Sandbox } from './support/harness.js';
import { guardOf, isRunning, kill } from './support/processes.js';

/** What a shell, a URL or a pattern could misread. */
const NAMES = [
  'My Projects',
  `a'b"c`,
  '$HOME `id`',
  'é ü 中文',
  '50% #1 ?x=1&y',
  'a --b=c',
  '[x]{y}*',
];

/** Copies the server under test, with the programs that it needs, to another place. */
async function copyOfServer(folder: string): Promise<string> {
  const program = realpathSync(await binaryUnderTest());
  const prefix = dirname(dirname(program));
  const own = relative(prefix, program);
  for (const file of [own, 'bin/mariadb-install-db', 'bin/my_print_defaults', 'bin/resolveip']) {
    if (existsSync(join(prefix, file))) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      cpSync(realpathSync(join(prefix, file)), join(folder, file));
    }
  }
  for (const data of ['share', 'lib']) symlinkSync(join(prefix, data), join(folder, data));
  return join(folder, own);
}

describe('the embedded server, in a folder with any name', () => {
  it.each(NAMES)('%s: starts, and ends a server left over from a crash', async (name) => {
    await Sandbox.with(async (sandbox) => {
      const server = await sandbox.start(undefined, join(sandbox.root, name, 'mysql'));
      await query(server.url, 'CREATE TABLE seats (n INT)', 'INSERT INTO seats VALUES (7)');
      const orphan = server.pid;
      const { guard, readers } = guardOf(orphan);
      kill(guard, ...readers);
      await eventually('a new server', () => server.pid !== orphan, 30_000);
      expect(isRunning(orphan)).toBe(false);
      expect(await query(server.url, 'SELECT n FROM seats')).toEqual([{ n: 7 }]);
    });
  });

  it('names a URL that a shell reads as it is', async () => {
    await Sandbox.with(async (sandbox) => {
      const { url } = await sandbox.start(undefined, join(sandbox.root, `it's "$HOME"`));
      const said = execFileSync('/bin/sh', ['-c', `printf %s '${url}'`], { encoding: 'utf8' });
      expect(said).toBe(url);
    });
  });

  it.each(NAMES)('%s: the folder of EMBEDDED_MYSQLD', async (name) => {
    await Sandbox.with(async (sandbox) => {
      const server = await sandbox.start(await copyOfServer(join(sandbox.root, name)));
      expect(await query(server.url, 'SELECT 1 one')).toEqual([{ one: 1 }]);
    });
  });
});
